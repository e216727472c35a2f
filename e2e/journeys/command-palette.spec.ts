import { CommandPalette } from '../pages/command-palette'
import { AddUserDialog, UsersPage } from '../pages/people'
import { demoPassword, expect, look, people, signIn, test } from '../pages/rekey'

const { owner, admin, member } = people

test('an administrator finds people, pages and actions with the keyboard', async ({
  page,
  rekey,
}) => {
  const palette = new CommandPalette(page)
  await test.step('the palette is not available on the sign-in page', async () => {
    await page.goto(rekey.url)
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await page.keyboard.press('Control+k')
    await signIn(page, admin.login, demoPassword)
    await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible()
    await expect(palette.root()).toBeHidden()
  })
  await test.step('its files load when it opens, and Escape returns the focus', async () => {
    const files = () =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').filter(({ name }) => /CommandPalette-/.test(name)),
      )
    expect(await files()).toEqual([])
    await expect(palette.button()).toHaveAttribute('aria-keyshortcuts', 'Control+K')
    await palette.button().focus()
    await page.keyboard.press('Enter')
    await expect(palette.field()).toBeFocused()
    expect(await files()).not.toEqual([])
    await expect(palette.active()).toHaveText('Home')
    await page.keyboard.press('Escape')
    await expect(palette.root()).toBeHidden()
    await expect(palette.button()).toBeFocused()
  })
  await test.step('arrow keys move through the lines, and the field names the active one', async () => {
    await palette.open()
    await page.keyboard.press('ArrowDown')
    await expect(palette.active()).toHaveText('Users')
    const id = await palette.active().getAttribute('id')
    await expect(palette.field()).toHaveAttribute('aria-activedescendant', id ?? '')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await expect(palette.active()).toHaveText('Sign out')
    await look(page, 'palette')
    await palette.field().fill('xyzzy')
    await expect(palette.root().getByText('Nothing matches. Try another word.')).toBeVisible()
  })
  await test.step('a page opens, and its heading has the focus', async () => {
    await palette.choose('tokens', /^API tokens.*My account/)
    await expect(page).toHaveURL(/\/account\/me\/api$/)
    await palette.open()
    await palette.choose('secu sett', /^Security/)
    await expect(page).toHaveURL(/\/account\/settings\/security$/)
    await expect(page.getByRole('heading', { level: 1, name: 'Security' })).toBeFocused()
  })
  await test.step('a person opens by a part of the name or login', async () => {
    await palette.open()
    await palette.field().fill('lindqv')
    await expect(palette.group('People').first()).toContainText('maya@demo.example')
    await expect(palette.group('People').first()).toContainText('Active')
    expect(await palette.group('People').count()).toBeLessThanOrEqual(8)
    await look(page, 'palette-people')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: member.name })).toBeVisible()
  })
  await test.step('the list of users opens with the search', async () => {
    await palette.open()
    await palette.choose('demo.example', /^Show all users who match “demo\.example”/)
    await expect(page.getByLabel('Search users')).toHaveValue('demo.example')
  })
  await test.step('actions run, and return the focus', async () => {
    await page.getByLabel('Search users').focus()
    await palette.open()
    await palette.choose('add', 'Add user')
    const dialog = new AddUserDialog(page)
    await expect(dialog.field('Login')).toBeFocused()
    await page.keyboard.press('Control+k')
    await dialog.field('Login').fill('k')
    await expect(palette.root()).toBeHidden()
    await page.keyboard.press('Escape')
    await expect(dialog.root()).toBeHidden()
    await expect(page.getByLabel('Search users')).toBeFocused()
    await palette.open()
    await palette.choose('dark', 'Colours: dark')
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
    await palette.open()
    await expect(palette.option('Colours: dark')).toBeHidden()
    await palette.choose('change my', 'Change my password')
    await expect(page.getByRole('dialog', { name: /Change password/ })).toBeVisible()
    await page.keyboard.press('Escape')
    await palette.open()
    await palette.choose('sign out', 'Sign out')
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  })
})

test('the palette offers a member only what the member may open', async ({ page, rekey }) => {
  const palette = new CommandPalette(page)
  await page.goto(rekey.url)
  await signIn(page, member.login, demoPassword)
  await palette.button().click()
  await expect(palette.group('Pages')).toHaveText([
    'Home',
    'ProfileMy account',
    'SecurityMy account',
    'API tokensMy account',
    'ActivityMy account',
  ])
  await expect(palette.group('Actions').first()).toHaveText('Change my password')
  let searched = false
  page.on('request', request => {
    searched ||= request.postData()?.includes('PalettePeople') === true
  })
  await palette.field().fill('olivia')
  await expect(palette.root().getByText('Nothing matches. Try another word.')).toBeVisible()
  expect(searched).toBe(false)
})

test('a page asks before the palette leaves it with unsaved data', async ({ page, rekey }) => {
  const palette = new CommandPalette(page)
  await page.goto(`${rekey.url}/account/me`)
  await signIn(page, owner.login, demoPassword)
  const firstName = page.getByLabel('First name')
  await firstName.fill('Olive')
  await palette.open()
  await palette.choose('users', 'Users')
  await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).click()
  await expect(firstName).toBeFocused()
  await expect(firstName).toHaveValue('Olive')
  await palette.open()
  await palette.choose('users', 'Users')
  await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
  await expect(new UsersPage(page).edits().first()).toBeVisible()
})

test.describe('on a Mac', () => {
  test.use({
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  })

  test('⌘ K opens the palette, and Ctrl K stays with the field', async ({ page, rekey }) => {
    const palette = new CommandPalette(page)
    await page.goto(rekey.url)
    await signIn(page, owner.login, demoPassword)
    await expect(palette.button()).toHaveText('Search…⌘ K')
    await expect(palette.button()).toHaveAttribute('aria-keyshortcuts', 'Meta+K')
    await page.keyboard.press('Control+k')
    await palette.open('Meta+k')
    await palette.field().fill('home')
    await expect(palette.active()).toHaveText('Home')
  })
})
