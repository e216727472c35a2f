import { ProfilePage, UsersPage } from '../pages/people'
import {
  callApi,
  comeBackTo,
  expect,
  expectAccessible,
  linkMailedTo,
  people,
  rulesOf,
  signIn,
  test,
} from '../pages/rekey'

const firstPassword = 'Warm-Lantern-58'
const newPassword = 'Brisk-Meadow-41'
const { admin, member, owner } = people

const requestReset = `mutation ($input: RequestPasswordResetInput!) {
  requestPasswordReset(input: $input) { errors { __typename } }
}`
const resetPassword = `mutation ($input: ResetPasswordInput!) {
  resetPassword(input: $input) { errors { __typename } }
}`
const createToken = `mutation ($input: CreateApiTokenInput!) {
  createApiToken(input: $input) { token errors { __typename } }
}`

test('an admin ends a session and an API token of a user, and secures the account', async ({
  page,
  browser,
  rekey,
  mailbox,
}) => {
  const maya = await (await browser.newContext()).newPage()
  const laptop = await (await browser.newContext()).newPage()
  // Securing sends a link only to a login that its user has verified, here with a reset link.
  await callApi(maya, rekey, requestReset, { input: { login: member.login } })
  const token = (await linkMailedTo(mailbox, member.login)).split('#token=')[1]
  await callApi(maya, rekey, resetPassword, { input: { token, newPassword: firstPassword } })
  for (const device of [maya, laptop]) {
    await device.goto(`${rekey.url}/account/me`)
    await signIn(device, member.login, firstPassword)
    await expect(device.getByRole('heading', { name: member.name })).toBeVisible()
  }
  const expiresAt = new Date(Date.now() + 7 * 24 * 60 * 60 * 1000).toISOString()
  for (const name of ['Nightly job', 'Old script']) {
    await callApi(maya, rekey, createToken, { input: { name, permissions: [], expiresAt } })
  }

  const users = new UsersPage(page)
  await users.open(rekey, admin.login, '?q=maya+lind')
  await users.edit(member.name).click()
  const profile = new ProfilePage(page)
  await profile.tab('Security').click()
  await expect(page).toHaveURL(/\/security$/)
  const section = (name: string) => page.getByRole('region', { name, exact: true })
  const sessions = section('Sessions').getByRole('listitem')
  const tokens = section('API tokens').getByRole('listitem')
  await expect(tokens).toHaveCount(2)
  const before = await sessions.count()
  expect(before).toBeGreaterThanOrEqual(2)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectAccessible(page, rulesOf(colorScheme))
  }

  // The most recently used session is the first one.
  await sessions
    .first()
    .getByRole('button', { name: /^End the session/ })
    .click()
  await expect(page.getByText('Session ended')).toBeVisible()
  await expect(sessions).toHaveCount(before - 1)

  await tokens
    .filter({ hasText: 'Old script' })
    .getByRole('button', { name: /^Revoke/ })
    .click()
  const revoke = page.getByRole('dialog', { name: 'Revoke Old script?' })
  await revoke.getByRole('button', { name: 'Revoke' }).click()
  await expect(tokens).toHaveCount(1)
  await expect(section('API tokens').getByRole('heading')).toBeFocused()

  await page.setViewportSize({ width: 390, height: 844 })
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Secure this account' }).click()
  const dialog = page.getByRole('dialog', { name: `Secure the account of ${member.name}?` })
  await expect(dialog.getByText('1 API token is revoked.')).toBeVisible()
  await expect(dialog.getByText(`a new password to ${member.login}`)).toBeVisible()
  await expect(dialog.getByLabel('Reason')).toBeFocused()
  await dialog.getByRole('checkbox', { name: 'Block the user too' }).check()
  await expect(dialog.getByText('because the user is blocked')).toBeVisible()
  await dialog.getByRole('checkbox', { name: 'Block the user too' }).uncheck()
  await dialog.getByRole('button', { name: 'Secure account' }).click()
  await expect(dialog.getByText('Enter a reason.')).toBeVisible()
  await expectAccessible(page)
  await dialog.getByLabel('Reason').fill('Unknown sign-ins reported')
  await dialog.getByRole('button', { name: 'Secure account' }).click()
  await expect(page.getByText(`Rekey is sending a link for a new password to`)).toBeVisible()
  await expect(page.getByText('This user is not signed in anywhere.')).toBeVisible()
  await expect(page.getByText('This user has no API tokens.')).toBeVisible()
  await expect(page.getByText('This user has no password.', { exact: false })).toBeVisible()
  await expectAccessible(page)
  await profile.tab('Operations').click()
  await expect(page.getByText('Unknown sign-ins reported').filter({ visible: true })).toBeVisible()

  for (const device of [maya, laptop]) {
    await comeBackTo(device)
    await expect(device.getByText('An administrator ended your session.')).toBeVisible()
  }
  await signIn(maya, member.login, firstPassword)
  await expect(maya.getByRole('alert')).toBeVisible()
  await maya.goto(await linkMailedTo(mailbox, member.login, 2))
  await maya.getByLabel('New password', { exact: true }).fill(newPassword)
  await maya.getByLabel('Repeat new password', { exact: true }).fill(newPassword)
  await maya.getByRole('button', { name: 'Set new password' }).click()
  await signIn(maya, member.login, newPassword)
  await expect(maya.getByRole('heading', { name: member.name })).toBeVisible()
  for (const device of [maya, laptop]) await device.context().close()
})

test('an admin does not see how an owner signs in, and learns why', async ({ page, rekey }) => {
  const users = new UsersPage(page)
  await users.open(rekey, admin.login, '?q=olivia')
  await users.edit(owner.name).click()
  await new ProfilePage(page).tab('Security').click()
  await expect(page.getByText('You cannot see how this user signs in')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Secure this account' })).toHaveCount(0)
  await expectAccessible(page)
})
