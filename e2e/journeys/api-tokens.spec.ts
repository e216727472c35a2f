import { ApiTokensTab, callByToken } from '../pages/api-tokens'
import { ProfilePage, UsersPage } from '../pages/people'
import { demoPassword, expect, holdsInMemory, look, people, test } from '../pages/rekey'
import { ConfirmIdentity } from '../pages/security'

const { owner, admin, member } = people

const codeOf = ({ errors }: { errors?: { extensions: { code: string } }[] }) =>
  errors?.[0]?.extensions.code

test('a token is created, shown once, used, narrowed with its owner, and revoked', async ({
  page,
  browser,
  rekey,
  mailbox,
}) => {
  // Axe looks at many screens.
  test.slow()
  const tab = new ApiTokensTab(page)
  await tab.open(rekey, admin.login)
  await expect(tab.none()).toBeVisible()
  await expect(page.getByRole('link', { name: /in the explorer/ })).toHaveAttribute(
    'href',
    '/explorer',
  )
  await look(page, 'none')

  // What does not fit is said at its field, and nothing that was filled in is lost.
  await tab.add().click()
  await expect(tab.name()).toBeFocused()
  await expect(tab.form().getByRole('group', { name: 'Permissions' })).toBeVisible()
  await tab.lasts('Until a date…')
  await tab.permission('See users').check()
  await tab.permission('Invite users').check()
  await tab.permission('See operations').check()
  await tab.create().click()
  await expect(tab.form().getByText('Enter a name.')).toBeVisible()
  await expect(tab.name()).toBeFocused()
  await tab.name().fill('Payroll export')
  await tab.create().click()
  await expect(tab.form().getByText('Choose a date.')).toBeVisible()
  await expect(tab.lastDay()).toBeFocused()
  await tab.lastDay().fill('2020-01-01')
  await tab.create().click()
  await expect(tab.form().getByText('Choose a day that is still to come.')).toBeVisible()
  await look(page, 'form')
  await tab.lasts('90 days')
  await expect(tab.form().getByText(/^It ends on /)).toBeVisible()
  await expect(tab.permission('See users')).toBeChecked()
  await tab.create().click()

  // The token, this once: neither Esc nor a click beside it nor Back take it away.
  await expect(tab.shown().getByRole('button', { name: 'Copy', exact: true })).toBeFocused()
  const token = await tab.secret().inputValue()
  expect(token).toMatch(/^rk_live_[0-9A-Za-z]{36}$/)
  await look(page, 'shown')
  await page.keyboard.press('Escape')
  await page.mouse.click(5, 400)
  await expect(tab.shown()).toBeVisible()
  await tab.done().click()
  await expect(tab.shown().getByText('You have not copied it yet.')).toBeVisible()
  await look(page, 'not-copied')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await tab.shown().getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(tab.shown().getByRole('button', { name: 'Copied' })).toBeVisible()
  await expect(tab.shown().getByText('You have not copied it yet.')).toBeHidden()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token)
  await tab.shown().getByRole('button', { name: 'Copy example' }).click()
  await expect(tab.shown().getByRole('button', { name: 'Copied' }).last()).toBeVisible()
  const example = await page.evaluate(() => navigator.clipboard.readText())
  expect(example).toContain(` ${rekey.url}/graphql \\`)
  expect(example).toContain(`Bearer ${token}`)
  await tab.done().click()
  await expect(tab.shown()).toBeHidden()
  await expect(tab.add()).toBeFocused()

  // Afterwards it is nowhere.
  await expect(tab.token('Payroll export')).toContainText(`${token.slice(0, 14)}…`)
  await expect(tab.token('Payroll export')).toContainText(
    'See users, Invite users, and See operations',
  )
  await expect(tab.token('Payroll export')).toContainText('Never used')
  await expect(
    tab.token('Payroll export').getByRole('link', { name: 'What Payroll export did' }),
  ).toHaveAttribute('href', `/account/operations?token=${token.slice(0, 14)}`)
  const left = await page.evaluate(() =>
    [
      document.documentElement.outerHTML,
      location.href,
      JSON.stringify({ ...localStorage, ...sessionStorage, ...history.state }),
    ].join(),
  )
  expect(left).not.toContain(token)
  const notices = () => mailbox.mailbox.mails.filter(mail => /API token/.test(mail.subject ?? ''))
  await expect.poll(() => notices().length).toBe(1)
  expect(notices()[0]?.text).not.toContain(token)

  // It does what it may, and no more.
  const users = await callByToken(rekey, token, '{ viewer { login } users { totalCount } }')
  expect(users.data.viewer.login).toBe(admin.login)
  expect(users.data.users.totalCount).toBeGreaterThan(100)
  const seesOperations = '{ operations(first: 1) { nodes { action } } }'
  expect((await callByToken(rekey, token, seesOperations)).errors).toBeUndefined()
  expect(codeOf(await callByToken(rekey, token, '{ webhooks { totalCount } }'))).toBe('FORBIDDEN')
  const invited = await callByToken(
    rekey,
    token,
    `mutation {
      inviteUser(input: { login: "sam@demo.example", firstName: "Sam" }) {
        user { login }
        errors { ... on UserError { message } }
      }
    }`,
  )
  expect(invited.data.inviteUser).toEqual({ user: { login: 'sam@demo.example' }, errors: [] })
  await expect(async () => {
    await page.reload()
    await expect(tab.token('Payroll export')).toContainText(/Last used just now from \S*127\.0/, {
      timeout: 2_000,
    })
  }).toPass()

  // What is taken from its owner is taken from it.
  const elsewhere = await (await browser.newContext()).newPage()
  const profile = new ProfilePage(elsewhere)
  const table = new UsersPage(elsewhere)
  await table.open(rekey, owner.login, '?q=adam%40')
  await table.edit(admin.name).click()
  await profile.tab('Access').click()
  await profile.permission('See operations').uncheck()
  await profile.save().click()
  await expect(elsewhere.getByText('Access changed')).toBeVisible()
  await elsewhere.goto(`${rekey.url}/account/operations`)
  const invitation = elsewhere.getByRole('row').filter({ hasText: 'Invite user' })
  await expect(invitation).toContainText(admin.name)
  await expect(invitation).toContainText(`${token.slice(0, 14)}…`)
  await look(elsewhere, 'operations')
  await elsewhere.setViewportSize({ width: 1280, height: 800 })
  // All that it did and was refused to read, and nothing else; a whole token is cut before it is searched for.
  await invitation.getByRole('link', { name: `${token.slice(0, 14)}…` }).click()
  await expect(elsewhere.getByText('2 operations', { exact: true })).toBeVisible()
  await elsewhere.getByRole('button', { name: 'Clear filters' }).click()
  await expect(elsewhere.getByText('2 operations', { exact: true })).toBeHidden()
  await elsewhere.getByLabel('API token').fill(token)
  await elsewhere.getByLabel('API token').press('Enter')
  await expect(elsewhere.getByText('2 operations', { exact: true })).toBeVisible()
  await expect(elsewhere).toHaveURL(new RegExp(`\\?token=${token.slice(0, 14)}$`))
  await elsewhere.context().close()
  expect(codeOf(await callByToken(rekey, token, seesOperations))).toBe('FORBIDDEN')
  expect((await callByToken(rekey, token, '{ users { totalCount } }')).errors).toBeUndefined()
  await page.reload()
  await expect(tab.token('Payroll export')).toContainText(
    'No longer yours, so it can’t use: See operations',
  )
  await tab.add().click()
  await expect(tab.permission('See users')).toBeVisible()
  await expect(tab.permission('See operations')).toHaveCount(0)

  // One more, without a permission: it ends with tomorrow, which midnight does not bring about.
  await tab.name().fill('Who am I')
  await tab.lasts('Until a date…')
  await tab.lastDay().fill(
    await page.evaluate(() => {
      const day = new Date()
      day.setDate(day.getDate() + 1)
      return [day.getFullYear(), day.getMonth() + 1, day.getDate()]
        .map(part => String(part).padStart(2, '0'))
        .join('-')
    }),
  )
  await tab.create().click()
  await expect(tab.secret()).toBeVisible()
  const bare = await tab.keep()
  await expect(tab.token('Who am I')).toContainText('No permissions: your own profile alone')
  await expect(tab.token('Who am I').getByText('Expires soon')).toHaveCount(0)
  expect((await callByToken(rekey, bare, '{ viewer { login } }')).data.viewer.login).toBe(
    admin.login,
  )
  expect(codeOf(await callByToken(rekey, bare, '{ users { totalCount } }'))).toBe('FORBIDDEN')
  await expect(tab.tokens()).toHaveCount(2)
  await look(page, 'list')

  // Revoked it is worth nothing.
  await tab.revoke('Payroll export')
  const question = page.getByRole('dialog', { name: 'Revoke Payroll export?' })
  await expect(question).toBeVisible()
  await look(page, 'revoke')
  await page.keyboard.press('Escape')
  await expect(question).toBeHidden()
  await expect(page.getByRole('button', { name: 'Revoke Payroll export' })).toBeFocused()
  await tab.revoke('Payroll export')
  await question.getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByText('API token revoked')).toBeVisible()
  await expect(tab.tokens()).toHaveCount(1)
  await expect(tab.add()).toBeFocused()
  expect(codeOf(await callByToken(rekey, token, '{ viewer { login } }'))).toBe('UNAUTHENTICATED')
  expect(codeOf(await callByToken(rekey, token, '{ users { totalCount } }'))).toBe(
    'UNAUTHENTICATED',
  )
  expect((await callByToken(rekey, bare, '{ viewer { login } }')).errors).toBeUndefined()

  await page.getByRole('tab', { name: 'Operations' }).click()
  const operations = page.getByRole('table')
  await expect(operations.getByText('Create API token')).toHaveCount(2)
  await expect(operations.getByText('Revoke API token')).toHaveCount(1)
  await expect(operations.getByText(/^Token: rk_live_\S{6} → none$/)).toHaveCount(1)
})

test('creating one takes a recent proof, loses nothing that was typed, and leaves no trace of the token', async ({
  page,
  rekey,
}) => {
  const tab = new ApiTokensTab(page)
  const confirm = new ConfirmIdentity(page)
  await tab.open(rekey, member.login)
  // Who may not explore is not sent there.
  await expect(tab.none()).toBeVisible()
  await expect(page.getByRole('link', { name: /in the explorer/ })).toHaveCount(0)
  await page.getByRole('tab', { name: 'Sessions' }).click()
  await expect(page.getByText('You are signed in nowhere but here.')).toBeVisible()
  await page.getByRole('tab', { name: 'API' }).click()
  await rekey.letProofsAge()
  await tab.add().click()
  await expect(tab.form().getByText('You hold none, so it has none either')).toBeVisible()
  await expect(tab.form().getByRole('checkbox')).toHaveCount(0)
  await tab.name().fill('Door sign')
  await tab.lasts('7 days')
  await tab.create().click()
  await expect(confirm.password()).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(confirm.root()).toBeHidden()
  await expect(tab.form().getByText('Nothing was changed')).toBeVisible()
  await expect(tab.name()).toHaveValue('Door sign')
  await expect(tab.form().getByRole('combobox', { name: 'Works for' })).toHaveValue('7 days')
  await tab.create().click()
  await confirm.password().fill(demoPassword)
  await confirm.submit().click()
  await expect(tab.secret()).toBeVisible()

  // While it is shown, leaving the page is asked about.
  await page.goBack()
  const leaving = page.getByRole('dialog', { name: 'Leave now?' })
  await expect(leaving).toBeVisible()
  await look(page, 'leaving')
  await leaving.getByRole('button', { name: 'Stay' }).click()
  await expect(leaving).toBeHidden()
  expect(await holdsInMemory(page, await tab.secret().inputValue())).toBe(true)
  const token = await tab.keep()
  await expect(tab.token('Door sign')).toBeVisible()

  // Afterwards the page has forgotten it.
  await page.getByRole('tab', { name: 'Sessions' }).click()
  await page.getByRole('tab', { name: 'API' }).click()
  await expect(tab.token('Door sign')).toBeVisible()
  await expect.poll(() => holdsInMemory(page, token)).toBe(false)

  // In its last days, and when they are over.
  await expect(tab.token('Door sign').getByText('Expires soon')).toHaveCount(0)
  await page.clock.setFixedTime(Date.now() + 6 * 86_400_000)
  await page.reload()
  await expect(tab.token('Door sign').getByText('Expires soon')).toBeVisible()
  await page.clock.setFixedTime(Date.now() + 8 * 86_400_000)
  await page.reload()
  await expect(tab.token('Door sign').getByText('Expired', { exact: true })).toBeVisible()
  await look(page, 'expired')
  // It takes no proof to be rid of one.
  await rekey.letProofsAge()
  await tab.revoke('Door sign')
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(tab.none()).toBeVisible()
})
