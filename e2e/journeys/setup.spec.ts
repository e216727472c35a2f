import { expect, expectAccessible, test } from '../pages/rekey'

test('the one-time link creates the first owner, once', async ({ page, emptyRekey }) => {
  const link = emptyRekey.setupLink ?? ''
  await page.goto(emptyRekey.url)
  await expect(page.getByText('No owner yet')).toBeVisible()
  await page.goto(link)
  await page.getByLabel('Login').fill('first@rekey.example')
  await page.getByLabel('First name').fill('First')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByLabel('Repeat password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Create owner and sign in' }).click()
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
  expect(page.url()).not.toContain('token')
  await expectAccessible(page)
  await page.getByLabel('Password', { exact: true }).fill('Quiet-Harbour-72')
  await page.getByLabel('Repeat password', { exact: true }).fill('Quiet-Harbour-72')
  await page.getByRole('button', { name: 'Create owner and sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible()

  await page.goto('about:blank')
  await page.goto(link)
  await page.getByLabel('Login').fill('second@rekey.example')
  await page.getByLabel('First name').fill('Second')
  await page.getByLabel('Password', { exact: true }).fill('Quiet-Harbour-72')
  await page.getByLabel('Repeat password', { exact: true }).fill('Quiet-Harbour-72')
  await page.getByRole('button', { name: 'Create owner and sign in' }).click()
  await expect(page.getByText('This link does not work')).toBeVisible()
})
