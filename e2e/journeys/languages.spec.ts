import type { Page } from '@playwright/test'
import { languageNames } from '../../client/src/messages/compiled/catalogues'
import { ApiUser } from '../pages/api-user'
import {
  clientLocale,
  englishTexts,
  type Mail,
  MessagePage,
  readPage,
  serverTexts,
} from '../pages/pseudo-locale'
import {
  test as base,
  checkSchemes,
  demoPassword,
  expect,
  expectAccessible,
  expectFits,
  linkMailedTo,
  people,
} from '../pages/rekey'

const { owner, member } = people
const newPassword = 'Brisk-Meadow-41'

const test = base.extend<{ api: ApiUser }>({
  api: async ({ request, rekey }, use) => use(await ApiUser.of(request, rekey, owner.login)),
})

const inLanguage = (page: Page, tag: string) => new MessagePage(page, clientLocale(tag), true)

/** Expects that a mail has a subject and, in both of its forms, these texts. */
const expectMail = (mail: Mail | undefined, subject: string, texts: readonly string[]) => {
  expect(mail?.subject).toBe(subject)
  for (const part of [mail?.text, String(mail?.html)]) {
    const words = part?.replaceAll(/\s+/g, ' ')
    for (const text of texts) expect(words).toContain(text)
  }
}

/** Returns the visible texts that are in English although the page is in another language. */
const englishOn = async (page: Page, tag: string): Promise<string[]> => {
  const { texts } = await page.evaluate(readPage, { isPseudo: false, lineStart: '' })
  return englishTexts(texts, tag, ['Rekey'])
}

for (const [tag, name, dir] of [
  ['pl', 'Polish', 'ltr'],
  ['ar', 'Arabic', 'rtl'],
] as const) {
  test.describe(`in ${name}`, () => {
    test.use({ locale: tag })

    test(`in ${name}, an administrator changes the password of a user, wide and narrow`, async ({
      page,
      rekey,
      api,
      playwright,
    }) => {
      await api.mutate('updateUser', { userId: await api.idOf(owner.login), language: tag })
      const { locale, button, field, heading, link, text, signIn } = inLanguage(page, tag)
      for (const [width, password] of [
        [1280, newPassword],
        [390, 'Calm-Meadow-41'],
      ] as const) {
        await page.setViewportSize({ width, height: 844 })
        await page.context().clearCookies()
        await page.goto(rekey.url)
        await expect(button('sessions.signIn.submit')).toBeVisible()
        await checkSchemes(page)
        await signIn(owner.login)
        await expect(heading('home.page.title')).toBeVisible()
        await expect(page.locator('html')).toHaveAttribute('lang', tag)
        await expect(page.locator('html')).toHaveAttribute('dir', dir)

        if (width === 390) await button('app.navigation.open').click()
        await link('app.navigation.users').click()
        await expect(heading('users.table.title')).toBeVisible()
        await field('users.table.search').fill('maya')
        await expect(text('users.table.count', { count: 1 })).toBeVisible()
        await checkSchemes(page)
        await link('users.table.editUser', { name: member.name }).click()

        await expect(page.getByRole('heading', { name: member.name })).toBeVisible()
        await checkSchemes(page)
        await button('passwords.row.change').click()
        const dialog = page.getByRole('dialog')
        await expect(field('passwords.change.current')).toBeFocused()
        await field('passwords.change.current').fill(demoPassword)
        await field('passwords.fields.new').fill(password)
        await field('passwords.fields.repeat').fill(password)
        // A password is read from left to right, also where it can be seen in an Arabic page.
        await expect(field('passwords.fields.new')).toHaveCSS('direction', 'ltr')
        await checkSchemes(page)
        await dialog
          .getByRole('button', { name: locale.t('passwords.change.submit'), exact: true })
          .click()
        await expect(text('passwords.change.done')).toBeVisible()
        await checkSchemes(page)
        expect(await englishOn(page, tag)).toEqual([])
        await button('ui.button.done').click()
        await expect(dialog).toHaveCount(0)
        // The member can sign in with it.
        const elsewhere = await playwright.request.newContext()
        await ApiUser.of(elsewhere, rekey, member.login, password)
        await elsewhere.dispose()
      }
    })
  })
}

test.describe('in German', () => {
  test.use({ locale: 'de' })

  test('in German, a forgotten password is replaced through a mail in German', async ({
    page,
    rekey,
    api,
    mailbox,
  }) => {
    await api.mutate('updateUser', { userId: await api.idOf(member.login), language: 'de' })
    const { button, field, heading, link, text, signIn } = inLanguage(page, 'de')
    const inMail = serverTexts('de')
    await page.goto(rekey.url)
    await link('passwords.forgot.title').click()
    await field('forms.login.label').fill(member.login)
    await button('passwords.forgot.submit').click()
    await expect(heading('passwords.forgot.sentTitle')).toBeVisible()
    const resetLink = await linkMailedTo(mailbox, member.login)
    const mail = mailbox.mailbox.mails.find(({ text }) => text?.includes(resetLink))
    expectMail(mail, inMail('passwords.resetMail.subject'), [
      inMail('passwords.resetMail.explanation', { minutes: 30 }),
      inMail('passwords.resetMail.advice'),
      inMail('passwords.resetMail.open'),
    ])

    await page.goto(resetLink)
    await expect(heading('passwords.reset.title')).toBeVisible()
    expect(await englishOn(page, 'de')).toEqual([])
    await field('passwords.fields.new').fill(newPassword)
    await field('passwords.fields.repeat').fill(newPassword)
    await button('passwords.reset.submit').click()
    await expect(text('sessions.signIn.passwordReset')).toBeVisible()
    await signIn(member.login, newPassword)
    await expect(heading('home.page.title')).toBeVisible()
  })
})

test('in French, an invited user gets a mail in French and activates the account in French', async ({
  page,
  browser,
  rekey,
  mailbox,
}) => {
  const login = 'nora.lindgren@demo.example'
  const english = inLanguage(page, 'en')
  await page.goto(`${rekey.url}/account/users`)
  await english.signIn(owner.login)
  await english.button('invitations.add.one').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('First name').fill('Nora')
  await dialog.getByLabel('Login').fill(login)
  await dialog.getByRole('combobox', { name: 'Language' }).click()
  await page.getByRole('option', { name: 'Français' }).click()
  await dialog.getByRole('button', { name: 'Send invitation' }).click()
  await expect(english.text('invitations.notice.sent')).toBeVisible()

  const invitation = await linkMailedTo(mailbox, login)
  const inMail = serverTexts('fr')
  const mail = mailbox.mailbox.mails.find(({ text }) => text?.includes(invitation))
  expectMail(mail, inMail('invitations.mail.subject'), [
    inMail('invitations.mail.explanation', { invitedBy: owner.name }),
    inMail('invitations.mail.open'),
  ])

  const elsewhere = await browser.newContext({ locale: 'fr' })
  const theirs = await elsewhere.newPage()
  const { button, field, heading, text } = inLanguage(theirs, 'fr')
  await theirs.goto(invitation)
  await expect(button('invitations.activate.submit')).toBeVisible()
  await expectAccessible(theirs)
  await expectFits(theirs)
  expect(await englishOn(theirs, 'fr')).toEqual([])
  await field('passwords.fields.first').fill('short')
  await field('passwords.fields.repeatFirst').fill('short')
  await button('invitations.activate.submit').click()
  await expect(text('passwords.fields.unmet')).toBeVisible()
  await field('passwords.fields.first').fill(newPassword)
  await field('passwords.fields.repeatFirst').fill(newPassword)
  await button('invitations.activate.submit').click()
  await expect(heading('home.page.title')).toBeVisible()
  expect(await englishOn(theirs, 'fr')).toEqual([])
  await elsewhere.close()
})

test('every text changes at once when a person chooses another language', async ({
  page,
  rekey,
}) => {
  const english = inLanguage(page, 'en')
  await page.goto(`${rekey.url}/account/me`)
  await english.signIn(owner.login)
  await expect(english.tab('account.tab.profile')).toBeVisible()
  const loads: string[] = []
  page.on('load', () => loads.push(page.url()))

  for (const [tag, from] of [
    ['de', 'en'],
    ['ar', 'de'],
    ['pl', 'ar'],
  ] as const) {
    const before = inLanguage(page, from)
    const after = inLanguage(page, tag)
    await page.getByRole('combobox', { name: before.locale.t('users.field.language') }).click()
    await page.getByRole('option', { name: languageNames[tag] }).click()
    await before.button('forms.save.save').click()
    await expect(after.tab('account.tab.profile')).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('lang', tag)
    await expect(page).toHaveTitle(new RegExp(after.locale.t('app.navigation.myAccount')))
    expect(await englishOn(page, tag)).toEqual([])
    for (const tab of ['security', 'api', 'activity', 'profile'] as const) {
      await after.tab(`account.tab.${tab}`).click()
      await expect(after.tab(`account.tab.${tab}`)).toHaveAttribute('aria-selected', 'true')
      await page.waitForLoadState('networkidle')
      expect(await englishOn(page, tag)).toEqual([])
    }
  }
  expect(loads).toEqual([])
})
