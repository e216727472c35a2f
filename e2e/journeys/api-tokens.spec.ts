import { ApiTokensTab, callByToken } from '../pages/api-tokens'
import { ApiUser } from '../pages/api-user'
import { ProfilePage, UsersPage } from '../pages/people'
import { demoPassword, expect, holdsInMemory, look, people, signIn, test } from '../pages/rekey'
import { ConfirmIdentity } from '../pages/security'

const { owner, admin, member } = people

const codeOf = ({ errors }: { errors?: { extensions: { code: string } }[] }) =>
  errors?.[0]?.extensions.code

test('a user creates an API token, sees it once, uses it, loses a permission, and revokes it', async ({
  page,
  browser,
  rekey,
  mailbox,
}) => {
  // Axe checks many screens.
  test.slow()
  const tab = new ApiTokensTab(page)
  await tab.open(rekey, admin.login)
  await expect(tab.none()).toBeVisible()
  await expect(page.getByRole('link', { name: /Open the API explorer/ })).toHaveAttribute(
    'href',
    '/explorer',
  )
  await look(page, 'none')

  // Errors are shown at their fields, and no entered value is lost.
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
  await expect(tab.form().getByText('Choose today or a later day.')).toBeVisible()
  await look(page, 'form')
  await tab.lasts('90 days')
  await expect(tab.form().getByText(/^Expires on /)).toBeVisible()
  await expect(tab.permission('See users')).toBeChecked()
  await tab.create().click()

  // The token is shown once. Escape and a click outside do not close the dialog.
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

  // Afterwards the page no longer contains the token.
  await expect(tab.token('Payroll export')).toContainText(`${token.slice(0, 14)}…`)
  await expect(tab.token('Payroll export')).toContainText(
    'See users, Invite users, and See operations',
  )
  await expect(tab.token('Payroll export')).toContainText('Never used')
  await expect(
    tab.token('Payroll export').getByRole('link', { name: 'Operations by Payroll export' }),
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

  // The token can use its permissions, and nothing else.
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

  // If the owner loses a permission, the token loses it too.
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
  const invitation = elsewhere
    .getByRole('row')
    .filter({ has: elsewhere.getByText('Invite user', { exact: true }) })
  await expect(invitation).toContainText(admin.name)
  await expect(invitation).toContainText(`${token.slice(0, 14)}…`)
  await look(elsewhere, 'operations')
  await elsewhere.setViewportSize({ width: 1280, height: 800 })
  // The list shows only the operations of the token. A pasted token is cut to its prefix.
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
    'The token cannot use these permissions, because its owner no longer has them: See operations',
  )
  await tab.add().click()
  await expect(tab.permission('See users')).toBeVisible()
  await expect(tab.permission('See operations')).toHaveCount(0)

  // Another token, without permissions. It expires at the end of tomorrow, so midnight does not
  // break the test.
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
  await expect(tab.token('Who am I')).toContainText('No permissions: only the profile of its owner')
  await expect(tab.token('Who am I').getByText('Expires soon')).toHaveCount(0)
  expect((await callByToken(rekey, bare, '{ viewer { login } }')).data.viewer.login).toBe(
    admin.login,
  )
  expect(codeOf(await callByToken(rekey, bare, '{ users { totalCount } }'))).toBe('FORBIDDEN')
  await expect(tab.tokens()).toHaveCount(2)
  await look(page, 'list')

  // A revoked token is rejected.
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

  await page.getByRole('tab', { name: 'Activity' }).click()
  const operations = page.getByRole('table')
  await expect(operations.getByText('Create API token')).toHaveCount(2)
  await expect(operations.getByText('Revoke API token')).toHaveCount(1)
  await expect(operations.getByText(/^Token: rk_live_\S{6} → none$/)).toHaveCount(1)
})

test('creating an API token requires a recent proof, keeps the entered values, and leaves no trace of the token', async ({
  page,
  rekey,
}) => {
  const tab = new ApiTokensTab(page)
  const confirm = new ConfirmIdentity(page)
  await tab.open(rekey, member.login)
  // A user without api.explore gets no link to the explorer.
  await expect(tab.none()).toBeVisible()
  await expect(page.getByRole('link', { name: /Open the API explorer/ })).toHaveCount(0)
  await page.getByRole('tab', { name: 'Security' }).click()
  await expect(page.getByText('You are signed in only here.')).toBeVisible()
  await page.getByRole('tab', { name: 'API tokens' }).click()
  await rekey.letProofsAge()
  await tab.add().click()
  await expect(tab.form().getByText('You have no permissions')).toBeVisible()
  await expect(tab.form().getByRole('checkbox')).toHaveCount(0)
  await tab.name().fill('Door sign')
  await tab.lasts('7 days')
  await tab.create().click()
  await expect(confirm.password()).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(confirm.root()).toBeHidden()
  await expect(tab.form().getByText('Nothing was changed')).toBeVisible()
  await expect(tab.name()).toHaveValue('Door sign')
  await expect(tab.form().getByRole('combobox', { name: 'Expires after' })).toHaveValue('7 days')
  await tab.create().click()
  await confirm.password().fill(demoPassword)
  await confirm.submit().click()
  await expect(tab.secret()).toBeVisible()

  // While the token is shown, the app asks before the user leaves the page.
  await page.goBack()
  const leaving = page.getByRole('dialog', { name: 'Leave now?' })
  await expect(leaving).toBeVisible()
  await look(page, 'leaving')
  await leaving.getByRole('button', { name: 'Stay' }).click()
  await expect(leaving).toBeHidden()
  expect(await holdsInMemory(page, await tab.secret().inputValue())).toBe(true)
  const token = await tab.keep()
  await expect(tab.token('Door sign')).toBeVisible()

  // Afterwards the page no longer holds the token in memory.
  await page.getByRole('tab', { name: 'Security' }).click()
  await page.getByRole('tab', { name: 'API tokens' }).click()
  await expect(tab.token('Door sign')).toBeVisible()
  await expect.poll(() => holdsInMemory(page, token)).toBe(false)

  // The badge changes in its last days and after its expiry.
  await expect(tab.token('Door sign').getByText('Expires soon')).toHaveCount(0)
  await page.clock.setFixedTime(Date.now() + 6 * 86_400_000)
  await page.reload()
  await expect(tab.token('Door sign').getByText('Expires soon')).toBeVisible()
  await page.clock.setFixedTime(Date.now() + 8 * 86_400_000)
  await page.reload()
  await expect(tab.token('Door sign').getByText('Expired', { exact: true })).toBeVisible()
  await look(page, 'expired')
  // Revoking a token requires no proof.
  await rekey.letProofsAge()
  await tab.revoke('Door sign')
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(tab.none()).toBeVisible()
})

test('an administrator finds the API tokens of all users, revokes one, and limits their lifetime', async ({
  page,
  rekey,
  browser,
}) => {
  test.slow()
  const other = await (await browser.newContext()).newPage()
  const api = await ApiUser.of(other.request, rekey, member.login)
  const days = (count: number) => new Date(Date.now() + count * 86_400_000)
  for (const [name, expiresAt] of [
    ['Door sign', days(10)],
    ['Payroll export', days(300)],
  ]) {
    await api.mutate('createApiToken', { name, permissions: [], expiresAt })
  }
  await page.goto(`${rekey.url}/account/api-tokens`)
  await signIn(page, admin.login, demoPassword)
  const tokens = page.getByRole('list', { name: 'API tokens' }).getByRole('listitem')
  const tokenOf = (name: string) => tokens.filter({ hasText: name })
  await expect(tokenOf('Payroll export').getByText(`Owner: ${member.name}`)).toBeVisible()
  await look(page, 'all')
  await page.getByRole('combobox', { name: 'Expiry and use' }).click()
  await page.getByRole('option', { name: 'Expires within 30 days' }).click()
  await expect(tokenOf('Payroll export')).toHaveCount(0)
  await tokenOf('Door sign')
    .getByRole('button', { name: /^Revoke/ })
    .click()
  const dialog = page.getByRole('dialog')
  await look(page, 'revoke')
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await expect(tokenOf('Door sign')).toHaveCount(0)

  await page.getByRole('link', { name: 'Security', exact: true }).click()
  const card = page.getByRole('region', { name: 'API tokens' })
  await card.getByRole('switch').check()
  await card.getByRole('textbox', { name: 'Days' }).fill('20')
  await look(page, 'limit')
  await card.getByRole('button', { name: 'Save changes' }).click()
  await expect(dialog.getByText('1 API token lives longer.')).toBeVisible()
  await look(page, 'limit-dialog')
  await dialog.getByRole('button', { name: 'Limit the lifetime' }).click()
  await expect(page.getByText('Lifetime of API tokens saved')).toBeVisible()
  const { apiTokens } = await api.call('{ apiTokens { nodes { name expiresAt } } }')
  expect(apiTokens.nodes).toHaveLength(1)
  expect(new Date(apiTokens.nodes[0].expiresAt) < days(21)).toBe(true)
  await other.context().close()
})
