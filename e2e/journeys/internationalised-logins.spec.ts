import { AddUserDialog, UsersPage } from '../pages/people'
import {
  expect,
  expectAccessible,
  linkMailedTo,
  people,
  signIn,
  signOut,
  test,
} from '../pages/rekey'

const unicode = 'kontakt@bücher-köln.example'
const ascii = 'kontakt@xn--bcher-kln-67a3d.example'
const password = 'Brisk-Meadow-41'
const newPassword = 'Calm-Orchard-58'

test('a login with an international domain works in both spellings, and is shown in Unicode', async ({
  page,
  browser,
  rekey,
  mailbox,
}) => {
  const users = new UsersPage(page)
  const dialog = new AddUserDialog(page)
  await users.open(rekey, people.owner.login)
  await users.add().click()
  await dialog.field('First name').fill('Käthe')
  await dialog.field('Login').fill('kontakt\u200b@bücher-köln.example')
  await dialog.submit().click()
  await expect(
    dialog.root().getByText(`Login has an invisible character. Did you mean ${unicode}?`),
  ).toBeVisible()
  await expectAccessible(page)
  await dialog
    .root()
    .getByRole('button', { name: `Use ${unicode}` })
    .click()
  await expect(dialog.field('Login')).toHaveValue(unicode)
  await expect(dialog.field('Login')).toBeFocused()
  await dialog.submit().click()
  await expect(page.getByText(`Rekey is sending a link to ${unicode}.`)).toBeVisible()
  await users.search(ascii)
  await expect(users.row('Käthe')).toContainText(unicode)
  await users.search('kathe')
  await expect(users.row('Käthe')).toContainText(unicode)

  const kathe = await (await browser.newContext()).newPage()
  await kathe.goto(await linkMailedTo(mailbox, unicode))
  await expect(kathe.getByLabel('Login')).toHaveValue(unicode)
  await kathe.getByLabel('Password', { exact: true }).fill(password)
  await kathe.getByLabel('Repeat password', { exact: true }).fill(password)
  await kathe.getByRole('button', { name: 'Activate account' }).click()
  await expect(kathe.getByRole('heading', { name: 'Käthe' })).toBeVisible()

  let secret = password
  for (const [index, login] of [unicode, `${ascii} `].entries()) {
    await signOut(kathe)
    await signIn(kathe, login, secret)
    await expect(kathe.getByRole('heading', { name: 'Käthe' })).toBeVisible()
    await signOut(kathe)

    await kathe.getByRole('link', { name: 'Forgot your password?' }).click()
    await kathe.getByLabel('Login').fill(login)
    // The entered text, not the form into which a browser converts an e-mail field.
    await expect(kathe.getByLabel('Login')).toHaveValue(login)
    await expectAccessible(kathe)
    await kathe.getByRole('button', { name: 'Send reset link' }).click()
    await expect(kathe.getByRole('heading', { name: 'Check your mailbox' })).toBeVisible()
    await kathe.goto(await linkMailedTo(mailbox, unicode, 2 + index))
    await expect(kathe.getByLabel('Login')).toHaveValue(unicode)
    secret = `${newPassword}${index}`
    await kathe.getByLabel('New password', { exact: true }).fill(secret)
    await kathe.getByLabel('Repeat new password', { exact: true }).fill(secret)
    await kathe.getByRole('button', { name: 'Set new password' }).click()
    await expect(kathe.getByLabel('Login')).toHaveValue(unicode)
    await kathe.getByLabel('Password', { exact: true }).fill(secret)
    await kathe.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(kathe.getByRole('heading', { name: 'Käthe' })).toBeVisible()
  }
  await kathe.context().close()
})

test('two users with one mailbox are named on the Users page until one gets another login', async ({
  page,
  rekey,
}) => {
  const plain = 'info@xn--mller-kva.example'
  const spelled = 'info@müller.example'
  await rekey.shareMailbox([people.admin.login, plain], [people.member.login, spelled])
  const users = new UsersPage(page)
  await users.open(rekey, people.owner.login)
  const notice = page.getByRole('alert').filter({ hasText: 'Some users share a mailbox' })
  await expect(notice.getByRole('link', { name: plain })).toBeVisible()
  await expectAccessible(page)
  await notice.getByRole('link', { name: spelled }).click()
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
  await page.getByLabel('Login').fill(people.member.login)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Changes saved')).toBeVisible()
  await page.getByRole('link', { name: 'Users', exact: true }).first().click()
  await expect(users.edits().first()).toBeVisible()
  await expect(notice).toBeHidden()
})
