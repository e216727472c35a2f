import { LossyProxy } from '../pages/lossy-proxy'
import { AddUserDialog, UsersPage } from '../pages/people'
import {
  test as base,
  ChangePasswordDialog,
  demoPassword,
  expect,
  expectAccessible,
  linkMailedTo,
  people,
  signIn,
  signOut,
} from '../pages/rekey'

const newPassword = 'Brisk-Meadow-41'

/** A Rekey that users reach through a proxy. */
const test = base.extend<{ lossy: LossyProxy }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads fixtures off this pattern.
  lossy: async ({}, use) => {
    const lossy = await LossyProxy.start()
    await use(lossy)
    await lossy.stop()
  },
  settings: async ({ lossy }, use) => use({ PUBLIC_URL: lossy.url }),
})

test.beforeEach(({ lossy, rekey }) => lossy.forwardTo(rekey.url))

test('a password change whose answer is lost succeeds, and the session continues', async ({
  page,
  lossy,
}) => {
  const dialog = new ChangePasswordDialog(page)
  await page.goto(`${lossy.url}/account/me`)
  await signIn(page, people.member.login, demoPassword)
  await dialog.open()
  await dialog.fill(demoPassword, newPassword)
  lossy.lose('changePassword', 2)
  await dialog.submit().click()
  await expect(dialog.root().getByText('Password changed')).toBeVisible()
  await dialog.done().click()
  await expect(dialog.root()).toBeHidden()
  expect(lossy.keys.length).toBeGreaterThanOrEqual(3)
  expect(new Set(lossy.keys).size).toBe(1)
  expect(lossy.keys[0]).toMatch(/^[0-9a-f]{32}$/)
  await page.reload()
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()

  // A rejection is final: a later request is another attempt.
  lossy.lose('changePassword', 0)
  await dialog.open()
  await dialog.fill('Wrong-One-123', 'Other-Meadow-41')
  await dialog.submit().click()
  await expect(dialog.current()).toHaveAttribute('aria-invalid', 'true')
  await dialog.current().fill(newPassword)
  await dialog.submit().click()
  await dialog.done().click()
  await expect(dialog.root()).toBeHidden()
  expect(new Set(lossy.keys).size).toBe(2)
  await signOut(page)
  await signIn(page, people.member.login, 'Other-Meadow-41')
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
})

test('an invitation whose answer is lost is sent once', async ({ page, lossy, mailbox }) => {
  const login = 'nora.lindgren@demo.example'
  const users = new UsersPage(page)
  const dialog = new AddUserDialog(page)
  await page.goto(lossy.url)
  await signIn(page, people.admin.login, demoPassword)
  await page.getByRole('link', { name: 'Users' }).click()
  await users.add().click()
  await dialog.field('Login').fill(login)
  await dialog.field('First name').fill('Nora')
  lossy.lose('inviteUser', 2)
  await dialog.submit().click()
  await expect(page.getByText('Invitation sent')).toBeVisible()
  await expect(page.getByText('313 users')).toBeVisible()
  await linkMailedTo(mailbox, login, 1)
})

test('a password change that is never answered does not ask the user to try again', async ({
  page,
  lossy,
}) => {
  const dialog = new ChangePasswordDialog(page)
  await page.goto(`${lossy.url}/account/me`)
  await signIn(page, people.member.login, demoPassword)
  await dialog.open()
  await dialog.fill(demoPassword, newPassword)
  lossy.lose('changePassword', 1_000)
  await dialog.submit().click()
  await expect(dialog.root().getByText('The password may have been changed')).toBeVisible()
  await expect(page.getByText(/try again/i)).toBeHidden()
  await expectAccessible(page)
})

test('a reset whose answer is lost asks the user to sign in with the new password', async ({
  page,
  lossy,
  mailbox,
}) => {
  await page.goto(`${lossy.url}/forgot-password`)
  await page.getByLabel('Login').fill(people.member.login)
  await page.getByRole('button', { name: 'Send reset link' }).click()
  await page.goto(await linkMailedTo(mailbox, people.member.login))
  await page.getByLabel('New password', { exact: true }).fill(newPassword)
  await page.getByLabel('Repeat new password', { exact: true }).fill(newPassword)
  // Browsers repeat a request by themselves if a reused connection does not answer.
  lossy.lose('resetPassword', 1_000)
  await page.getByRole('button', { name: 'Set new password' }).click()
  await expect(page.getByText('Your password may have been changed')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Go to sign-in' }).click()
  await signIn(page, people.member.login, newPassword)
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
})
