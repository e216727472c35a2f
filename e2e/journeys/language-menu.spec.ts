import { demoPassword, expect, look, people, test } from '../pages/rekey'

test('the sign-in page is in the language that was chosen in its menu', async ({ page, rekey }) => {
  const loaded: string[] = []
  page.on('request', request => loaded.push(request.url()))
  await page.goto(`${rekey.url}/sign-in`)
  const menu = page.getByRole('combobox')
  await expect(menu).toHaveAccessibleName('Language')
  await expect(menu).toHaveValue('en')
  // The first load has the texts of one language.
  expect(loaded.filter(url => /signIn\.\w/.test(url))).toHaveLength(1)

  await page.getByLabel('Login').fill('maya@demo.example')
  await menu.selectOption('العربية')
  await expect(page.getByRole('heading', { name: 'تسجيل الدخول' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await expect(page.locator('html')).toHaveAttribute('lang', 'ar')
  // What the person entered stays.
  await expect(page.locator('#login')).toHaveValue('maya@demo.example')
  await look(page, 'language-menu-ar')

  // With the keyboard.
  await menu.focus()
  await page.keyboard.type('Deu')
  await expect(page.getByRole('heading', { name: 'Anmelden' })).toBeVisible()
  await expect(menu).toBeFocused()
  await page.getByRole('button', { name: 'Anmelden', exact: true }).click()
  await expect(page.getByText('Geben Sie Ihr Passwort ein.')).toBeVisible()
  // A message of the API, which would stay in its language, goes.
  await page.locator('#password').fill('Wrong-One-123')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('Passwort')
  await menu.selectOption('Polski')
  await expect(page.getByRole('heading', { name: 'Zaloguj się' })).toBeVisible()
  await expect(page.getByRole('alert')).toBeHidden()
  await menu.selectOption('Deutsch')
  await expect(page.getByRole('heading', { name: 'Anmelden' })).toBeVisible()

  // The browser remembers it, and loads only this language.
  loaded.length = 0
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Anmelden' })).toBeVisible()
  expect(loaded.filter(url => /signIn\.\w/.test(url))).toEqual([
    expect.stringContaining('/signIn.de-'),
  ])
  await page.goto(`${rekey.url}/forgot-password`)
  await expect(page.getByRole('combobox', { name: 'Sprache' })).toHaveValue('de')
  for (const path of ['/reset-password', '/activate', '/setup']) {
    await page.goto(rekey.url + path)
    await expect(page.getByRole('combobox', { name: 'Sprache' })).toBeVisible()
  }

  // After the sign-in, the language of the profile counts.
  await page.goto(`${rekey.url}/account/me`)
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('English')
  await page.getByRole('combobox', { name: 'Language' }).selectOption('Deutsch')
  await page.locator('#login').fill(people.member.login)
  await page.locator('#password').fill(demoPassword)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})
