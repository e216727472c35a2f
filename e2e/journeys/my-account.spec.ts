import { readFile } from 'node:fs/promises'
import type { Browser } from '@playwright/test'
import {
  ChangePasswordDialog,
  comeBackTo,
  demoPassword,
  expect,
  expectAccessible,
  expectFits,
  pencil,
  people,
  type Rekey,
  signIn,
  test,
} from '../pages/rekey'

const signedIn = async (browser: Browser, rekey: Rekey, login: string) => {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${rekey.url}/account/me`)
  await signIn(page, login, demoPassword)
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
  return page
}

test.beforeEach(async ({ page, rekey }) => {
  await page.goto(`${rekey.url}/account/me`)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
})

test('each tab has its own address and no axe violations, wide and light, narrow and dark', async ({
  page,
  rekey,
}) => {
  // Axe checks eight screens.
  test.slow()
  await expect(page.getByRole('navigation').getByRole('link')).toHaveText(['Home', 'My account'])
  for (const [tab, address] of [
    ['Profile', ''],
    ['Security', '/security'],
    ['API tokens', '/api'],
    ['Activity', '/activity'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click()
    await expect(page).toHaveURL(`${rekey.url}/account/me${address}`)
    await expect(page).toHaveTitle(`${tab} · My account · Rekey`)
    await page.reload()
    await expect(page.getByRole('tab', { name: tab })).toHaveAttribute('aria-selected', 'true')
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [390, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 844 })
      await page.emulateMedia({ colorScheme })
      if (width === 390) {
        await page.reload()
        await expect(page.getByRole('tab', { name: tab })).toBeInViewport({ ratio: 1 })
      }
      await expectAccessible(page)
      await expectFits(page)
    }
  }
})

test('earlier addresses of tabs, and parts of addresses, lead to a page', async ({
  page,
  rekey,
}) => {
  for (const [earlier, now] of [
    ['/account/me/password', '/account/me/security'],
    ['/account/me/password/change-password', '/account/me/security/change-password'],
    ['/account/change-password', '/account/me/security/change-password'],
    ['/account/me/sessions', '/account/me/security#sessions'],
    ['/account/me/operations', '/account/me/activity'],
    ['/account/me/data', '/account/me'],
  ] as const) {
    await page.goto(rekey.url + earlier)
    await expect(page).toHaveURL(rekey.url + now)
    await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
  }
  for (const earlier of ['/account', '/account/settings']) {
    await page.goto(rekey.url + earlier)
    await expect(page).toHaveURL(`${rekey.url}/`)
    await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible()
  }
})

test('the title of the page names the dialog while it is open', async ({ page }) => {
  await page.getByRole('tab', { name: 'Security' }).click()
  // The tab of the profile has such a button too.
  await expect(page).toHaveURL(/\/account\/me\/security$/)
  await pencil(page).click()
  await expect(page).toHaveTitle('Change password · Security · My account · Rekey')
  await page.keyboard.press('Escape')
  await expect(page).toHaveTitle('Security · My account · Rekey')
})

test('the password is changed from its tab, and the focus returns', async ({ page }) => {
  const dialog = new ChangePasswordDialog(page)
  await page.getByRole('tab', { name: 'Security' }).click()
  // The tab of the profile has an edit button too.
  await expect(page).toHaveURL(/\/account\/me\/security$/)
  await dialog.open()
  await page.keyboard.press('Escape')
  await expect(dialog.root()).toBeHidden()
  await expect(pencil(page)).toBeFocused()
  await dialog.open()
  await dialog.fill(demoPassword, 'Brisk-Meadow-41')
  await dialog.submit().click()
  await expect(dialog.root().getByText('Password changed')).toBeVisible()
  await dialog.done().click()
  await expect(dialog.root()).toBeHidden()
  await expect(page).toHaveURL(/\/account\/me\/security$/)
  await expect(pencil(page)).toBeFocused()
})

test('a login that only an administrator can change is shown as read-only', async ({ page }) => {
  await expect(page.getByText('Only an administrator can change the login.')).toBeVisible()
  const groundOf = (label: string) =>
    page.getByLabel(label).evaluate(field => getComputedStyle(field).backgroundColor)
  expect(await groundOf('Login')).not.toBe(await groundOf('First name'))
})

test('a session is ended from another one, and shows why', async ({ page, browser, rekey }) => {
  const elsewhere = await signedIn(browser, rekey, people.member.login)
  await page.getByRole('tab', { name: 'Security' }).click()
  const sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
  await expect(sessions).toHaveCount(2)
  const here = sessions.filter({ hasText: 'This device' })
  await expect(here).toHaveCount(1)
  await expect(here).toContainText(/Chrom\w+ on Linux/)
  await expect(here.getByRole('button')).toHaveCount(0)
  await sessions.getByRole('button', { name: /^End the session/ }).click()
  await expect(page.getByText('Session ended')).toBeVisible()
  await expect(sessions).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'End other sessions' })).toBeDisabled()
  await expect(page.getByRole('list', { name: 'Sessions' })).toBeFocused()

  await comeBackTo(elsewhere)
  await expect(elsewhere.getByText(/was ended from another session/)).toBeVisible()
  await elsewhere.context().close()
})

test('all other sessions are ended after a confirmation', async ({ page, browser, rekey }) => {
  const others = [
    await signedIn(browser, rekey, people.member.login),
    await signedIn(browser, rekey, people.member.login),
  ]
  await page.getByRole('tab', { name: 'Security' }).click()
  await expect(page.getByText('3 sessions')).toBeVisible()
  await page.getByRole('button', { name: 'End other sessions' }).click()
  const question = page.getByRole('dialog', { name: 'End all other sessions?' })
  await expectAccessible(page)
  await question.getByRole('button', { name: 'End other sessions' }).click()
  await expect(page.getByText('2 sessions ended')).toBeVisible()
  await expect(page.getByText('You are signed in only here.')).toBeVisible()
  await expect(page.getByRole('list', { name: 'Sessions' })).toBeFocused()
  for (const other of others) {
    // A user who returns to a tab sees this without any action.
    await comeBackTo(other)
    await expect(other.getByText(/was ended from another session/)).toBeVisible()
    await other.context().close()
  }
})

test('users can download all data about themselves', async ({ page }) => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download my data' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('my-data.json')
  const text = await readFile(await download.path(), 'utf8')
  const data = JSON.parse(text)
  expect(data.profile.login).toBe(people.member.login)
  expect(data.sessions).toHaveLength(1)
  expect(text).not.toContain('argon2')
})
