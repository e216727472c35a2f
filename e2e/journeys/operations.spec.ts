import { readFile } from 'node:fs/promises'
import {
  demoPassword,
  expect,
  expectAccessible,
  people,
  signIn,
  signOut,
  test,
} from '../pages/rekey'

test('an administrator filters the operation list and exports it', async ({ page, rekey }) => {
  await page.goto(`${rekey.url}/account/users`)
  await signIn(page, people.member.login, 'Wrong-One-123')
  await expect(page.getByText('Login or password is wrong.')).toBeVisible()
  await signIn(page, people.admin.login, demoPassword)
  await page.getByRole('link', { name: 'Operations' }).click()
  await expect(page.getByText('2 operations')).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('combobox', { name: 'Affected user' }).fill('maya lind')
  await page.getByRole('option', { name: people.member.name }).click()
  await expect(page.getByText('1 operation', { exact: true })).toBeVisible()
  await expect(page.getByRole('cell', { name: /Wrong login or password/ })).toBeVisible()
  await page.reload()
  await expect(page.getByText('1 operation', { exact: true })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Affected user' })).toHaveValue(
    people.member.name,
  )

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('operations.csv')
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain(people.member.login)

  await page.getByRole('combobox', { name: 'Outcome' }).click()
  await page.getByRole('option', { name: 'Done' }).click()
  await expect(page.getByRole('status').getByText('No operations match')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(page.getByRole('combobox', { name: 'Action' })).toBeFocused()
  await expect(page.getByText('2 operations')).toBeVisible()

  await page.goto(`${rekey.url}/account/users?q=olivia+b`)
  await page.getByRole('link', { name: `Edit ${people.owner.name}` }).click()
  await page.getByRole('tab', { name: 'Operations' }).click()
  await expect(page.getByText('No operations on this profile yet')).toBeVisible()
  await page.goto(`${rekey.url}/account/operations`)
  await expect(page.getByText('2 operations')).toBeVisible()
  const address = page.getByRole('textbox', { name: 'IP address' })
  await address.fill('nonsense')
  await address.press('Enter')
  await expect(address).toHaveAccessibleDescription('Enter an IP address, such as 203.0.113.7.')
  await expect(page.getByRole('status').getByText('Enter an IP address')).toBeAttached()
  await expect(page.getByRole('link', { name: 'Export CSV' })).toBeHidden()
  await page.setViewportSize({ width: 390, height: 844 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectAccessible(page)
  await address.fill('::ffff:127.0.0.1')
  await address.press('Enter')
  await expect(page.getByText('2 operations')).toBeVisible()
  await expectAccessible(page)
})

test('a profile shows its operations', async ({ page, rekey }) => {
  await page.goto(`${rekey.url}/account/me`)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByRole('link', { name: 'Operations' })).toBeHidden()
  await page.getByRole('tab', { name: 'Activity' }).click()
  await expect(page.getByRole('cell', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByText('Operations on your profile.')).toBeVisible()
  await expectAccessible(page)
  await page.goto(`${rekey.url}/account/operations`)
  await expect(page.getByText('You do not have permission to see the operation list')).toBeVisible()
  await signOut(page)
})
