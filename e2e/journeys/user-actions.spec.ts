import type { Page } from '@playwright/test'
import { AddUserDialog, ProfilePage, UsersPage } from '../pages/people'
import {
  callApi,
  comeBackTo,
  demoPassword,
  expect,
  expectAccessible,
  expectFits,
  linkMailedTo,
  people,
  type Rekey,
  rulesOf,
  signIn,
  test,
} from '../pages/rekey'

const newPassword = 'Brisk-Meadow-41'
const { admin, member } = people

/** Opens the member's profile as the administrator. */
const openProfile = async (page: Page, rekey: Rekey, login: string = admin.login) => {
  const users = new UsersPage(page)
  await users.open(rekey, login, '?q=maya+lind')
  await users.edit(member.name).click()
  await expect(page.getByRole('heading', { name: member.name })).toBeVisible()
  return new ProfilePage(page)
}

/** Confirms the open dialog. */
const confirm = (page: Page, button: string) =>
  page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click()

const setPassword = async (page: Page, button: string) => {
  await page.getByLabel('New password', { exact: true }).fill(newPassword)
  await page.getByLabel('Repeat new password', { exact: true }).fill(newPassword)
  await page.getByRole('button', { name: button }).click()
}

test('an admin sends a reset link, with which the user chooses a new password', async ({
  page,
  rekey,
  mailbox,
}) => {
  const profile = await openProfile(page, rekey)
  // With the keyboard only.
  await profile.actions().focus()
  await page.keyboard.press('Enter')
  await expect(profile.action('Change password')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(profile.action('Send reset link')).toBeFocused()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectAccessible(page, rulesOf(colorScheme))
  }
  await page.keyboard.press('Enter')
  await expect(
    page.getByRole('dialog', { name: `Send ${member.name} a reset link?` }),
  ).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(profile.actions()).toBeFocused()
  await profile.act('Send reset link')
  await confirm(page, 'Send link')
  await expect(page.getByText(`Rekey is sending a reset link to ${member.login}`)).toBeVisible()
  await expect(profile.actions()).toBeFocused()

  await page.context().clearCookies()
  await page.goto(await linkMailedTo(mailbox, member.login))
  await setPassword(page, 'Set new password')
  await signIn(page, member.login, newPassword)
  await expect(page.getByRole('heading', { name: member.name })).toBeVisible()
})

test('an admin copies a reset link and an invitation link, which are shown once', async ({
  page,
  browser,
  context,
  rekey,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const readClipboard = () => page.evaluate(() => navigator.clipboard.readText())
  const profile = await openProfile(page, rekey)
  await profile.act('Copy reset link')
  await confirm(page, 'Create link')
  const dialog = page.getByRole('dialog', { name: `Link for ${member.name}` })
  await expect(dialog.getByLabel('Link')).toHaveValue(/\/reset-password#token=/)
  await expectAccessible(page)
  const link = await dialog.getByLabel('Link').inputValue()
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click()
  expect(await readClipboard()).toBe(link)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(dialog).toBeHidden()
  await expect(profile.actions()).toBeFocused()
  expect(await page.content()).not.toContain(link)
  const maya = await (await browser.newContext()).newPage()
  await maya.goto(link)
  await setPassword(maya, 'Set new password')
  await signIn(maya, member.login, newPassword)
  await expect(maya.getByRole('heading', { name: member.name })).toBeVisible()

  await page.goto(`${rekey.url}/account/users`)
  const users = new UsersPage(page)
  await users.add().click()
  const form = new AddUserDialog(page)
  await form.field('Login').fill('no.mail@new.example')
  await form.field('First name').fill('Nomi')
  await form.submit().click()
  await expect(form.root()).toBeHidden()
  await users.search('nomi')
  await users.edit('Nomi').click()
  await profile.act('Resend invitation')
  await expect(page.getByText('Invitation sent', { exact: true })).toBeVisible()
  await profile.act('Copy invitation link')
  await confirm(page, 'Create link')
  const invitation = await page.getByRole('dialog').getByLabel('Link').inputValue()
  await page.getByRole('dialog').getByRole('button', { name: 'Copy', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText(/^Created .* the link works until/)).toBeVisible()
  const nomi = await (await browser.newContext()).newPage()
  await nomi.goto(invitation)
  await expect(nomi.getByLabel('Login')).toHaveValue('no.mail@new.example')
  await nomi.context().close()
  await maya.context().close()
})

test('an admin signs a user out everywhere, and requires a new password', async ({
  page,
  browser,
  rekey,
}) => {
  const maya = await (await browser.newContext()).newPage()
  await maya.goto(`${rekey.url}/account/me`)
  await signIn(maya, member.login, demoPassword)
  await expect(maya.getByRole('heading', { name: member.name })).toBeVisible()

  const profile = await openProfile(page, rekey)
  await profile.act('Sign out everywhere')
  await expectAccessible(page)
  await confirm(page, 'Sign out')
  await expect(page.getByText(`${member.name} is signed out everywhere`)).toBeVisible()
  await comeBackTo(maya)
  await expect(maya.getByText('An administrator ended your session.')).toBeVisible()

  await profile.act('Require a new password')
  await confirm(page, 'Require')
  await expect(page.getByText(`${member.name} must choose a new password`)).toBeVisible()
  await profile.actions().click()
  await expect(profile.action('Do not require a new password')).toBeVisible()
  await expect(profile.action('Require a new password')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await profile.act('Do not require a new password')
  await confirm(page, 'Do not require')
  await expect(page.getByText(`${member.name} can keep the password`)).toBeVisible()
  await profile.act('Require a new password')
  await confirm(page, 'Require')
  await profile.actions().click()
  await expect(profile.action('Do not require a new password')).toBeEnabled()
  await page.keyboard.press('Escape')
  await signIn(maya, member.login, demoPassword)
  await expect(maya.getByRole('heading', { name: 'Choose your own password' })).toBeVisible()
  await maya.context().close()
})

const createToken = `mutation ($input: CreateApiTokenInput!) {
  createApiToken(input: $input) { token errors { __typename } }
}`

test('blocking asks for a reason, and unblocking for the API tokens to restore', async ({
  page,
  browser,
  rekey,
}) => {
  const maya = await (await browser.newContext()).newPage()
  await maya.goto(`${rekey.url}/account/me`)
  await signIn(maya, member.login, demoPassword)
  await expect(maya.getByRole('heading', { name: member.name })).toBeVisible()
  const expiresAt = new Date(Date.now() + 7 * 24 * 60 * 60 * 1000).toISOString()
  const tokens: string[] = []
  for (const name of ['Nightly job', 'Old script']) {
    const input = { name, permissions: [], expiresAt }
    tokens.push((await callApi(maya, rekey, createToken, { input })).createApiToken.token)
  }
  const works = async (token = '') => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ query: '{ viewer { login } }' })
    return (await fetch(`${rekey.url}/graphql`, { method: 'POST', headers, body })).status === 200
  }
  expect(await works(tokens[0])).toBe(true)

  const profile = await openProfile(page, rekey, people.owner.login)
  await profile.act('Block')
  const block = page.getByRole('dialog')
  await expect(block.getByLabel('Reason')).toBeFocused()
  await block.getByRole('button', { name: 'Block' }).click()
  await expect(block.getByText('Enter a reason.')).toBeVisible()
  await expectAccessible(page)
  await block.getByLabel('Reason').fill('Laptop lost, in a train')
  await block.getByRole('button', { name: 'Block' }).click()
  await expect(page.getByText(`${member.name} is blocked`)).toBeVisible()
  expect(await works(tokens[0])).toBe(false)
  await expect(page.getByText('Reason: Laptop lost, in a train')).toBeVisible()
  await profile.tab('Operations').click()
  await expect(page.getByRole('table').getByText('Laptop lost, in a train')).toBeVisible()
  await profile.actions().click()
  await expect(profile.action('Send reset link')).toBeDisabled()
  // Several actions share the reason, so it stands once above them.
  await expect(page.getByRole('menuitem', { name: 'This user is blocked.' })).toBeVisible()
  await page.keyboard.press('Escape')

  // The dialog of the password opens over any tab, and leads back to it.
  await profile.act('Change password')
  await expect(page.getByRole('dialog', { name: 'Change password' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/operations$/)
  await expect(profile.actions()).toBeFocused()

  await page.setViewportSize({ width: 390, height: 844 })
  await profile.actions().click()
  await expectAccessible(page)
  await profile.action('Unblock').click()
  const unblock = page.getByRole('dialog', { name: `Unblock ${member.name}?` })
  await expect(unblock.getByRole('checkbox')).toHaveCount(2)
  await expect(unblock.getByRole('checkbox', { checked: true })).toHaveCount(0)
  await unblock.getByRole('checkbox', { name: 'Nightly job' }).check()
  await expectAccessible(page)
  await expectFits(page)
  await unblock.getByRole('button', { name: 'Unblock' }).click()
  await expect(page.getByText(`${member.name} can sign in again`)).toBeVisible()
  await expect(profile.actions()).toBeFocused()
  expect(await works(tokens[0])).toBe(true)
  expect(await works(tokens[1])).toBe(false)
  await maya.context().close()
})

test.describe('without a mail server', () => {
  test.use({ settings: { SMTP_URL: '' } })

  test('an admin cannot send a reset link, and the menu says what to do instead', async ({
    page,
    rekey,
  }) => {
    const profile = await openProfile(page, rekey)
    await profile.actions().click()
    await expect(profile.action('Send reset link')).toBeDisabled()
    await expect(profile.action('Send reset link')).toContainText('Copy a reset link instead.')
    await expect(profile.action('Copy reset link')).toBeEnabled()
  })
})

test('your own profile offers to change the password, and nothing that you cannot do to yourself', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  await users.open(rekey, admin.login, '?q=adam')
  await users.edit(admin.name).click()
  const profile = new ProfilePage(page)
  await profile.actions().click()
  await expect(page.getByRole('menuitem')).toHaveText(['Change password'])
})
