import { readFile } from 'node:fs/promises'
import {
  demoPassword,
  expect,
  expectAccessible,
  look,
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

  // Each filter is a chip. Removing one keeps the others, and the focus moves to the next.
  const chips = page.getByRole('list', { name: 'Active filters' })
  const chip = (name: string) => chips.getByRole('button', { name: `Remove filter ${name}` })
  await chip('Outcome: Done').click()
  await expect(chip(`Affected user: ${people.member.name}`)).toBeFocused()
  await expect(page.getByText('1 operation', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(page.getByRole('search', { name: 'Operations' })).toBeFocused()
  await expect(chips).toBeHidden()
  await expect(page.getByText('2 operations')).toBeVisible()

  const period = page.getByRole('group', { name: 'Period' })
  await period.getByRole('button', { name: 'Last 7 days' }).click()
  await expect(page).toHaveURL(/\?from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d$/)
  await expect(chip('Period: Last 7 days')).toBeVisible()
  await page.reload()
  await expect(period.getByRole('button', { name: 'Last 7 days' })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await page.getByRole('textbox', { name: 'Last day' }).fill('2020-01-31')
  await page.getByRole('textbox', { name: 'First day' }).fill('2020-01-01')
  await expect(chip('First day: Jan 1, 2020')).toBeVisible()
  await expect(page.getByRole('status').getByText('No operations match')).toBeVisible()
  await period.getByRole('button', { name: 'Any time' }).click()

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

test('a row opens into everything that is recorded, and its links filter the list', async ({
  page,
  rekey,
}) => {
  await page.goto(`${rekey.url}/account/settings/security`)
  await signIn(page, people.member.login, 'Wrong-One-123')
  await expect(page.getByText('Login or password is wrong.')).toBeVisible()
  await signIn(page, people.owner.login, demoPassword)
  const card = page.getByRole('region', { name: 'Retention of operations' })
  await card.getByRole('switch', { name: 'Delete old operations' }).check()
  await card.getByLabel('Days to keep').fill('29')
  await card.getByRole('button', { name: 'Save' }).click()
  await expect(card.getByText('30', { exact: false }).last()).toBeVisible()
  await card.getByLabel('Days to keep').fill('90')
  await card.getByRole('button', { name: 'Save' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete old operations?' })
  await expect(dialog).toContainText('older than 90 days')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  await card.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('button', { name: 'Delete old operations' }).click()
  await expect(page.getByText('The retention of operations is saved')).toBeVisible()
  await expect(dialog).toBeHidden()
  await look(page, 'retention')
  await page.setViewportSize({ width: 1280, height: 800 })

  await page.goto(`${rekey.url}/account/operations`)
  await expect(page.getByText('Operations are kept for 90 days.')).toBeVisible()
  const table = page.getByRole('table').first()
  const toggle = table.getByRole('button', { name: 'Change retention of operations' })
  await expect(toggle).toHaveAttribute('aria-expanded', 'false')
  await toggle.press('Enter')
  await expect(toggle).toHaveAttribute('aria-expanded', 'true')
  const change = table.getByRole('row', { name: 'Days to keep operations none 90', exact: true })
  await expect(change).toBeVisible()
  await expect(table.getByText('Chrome on Linux')).toBeVisible()
  await expect(table.getByRole('button', { name: 'Copy request ID' })).toBeVisible()
  await look(page, 'operation-details')
  await page.setViewportSize({ width: 1280, height: 800 })
  await table.getByRole('link', { name: 'Only this action' }).click()
  await expect(page.getByText('1 operation', { exact: true })).toBeVisible()
  await expect(page).toHaveURL(/\?action=UPDATE_OPERATION_RETENTION$/)
  await page.getByRole('button', { name: 'Clear filters' }).click()

  const refused = table.getByRole('row').filter({ hasText: 'Wrong login or password' })
  await refused.getByRole('link', { name: people.member.name }).click()
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()

  // On a phone, the same details are in the card.
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${rekey.url}/account/operations?outcome=REFUSED`)
  const filters = page.getByRole('button', { name: 'Filters (1)' })
  await expect(filters).toHaveAttribute('aria-expanded', 'false')
  const item = page.getByRole('list', { name: 'Operations' }).getByRole('listitem').first()
  await item.getByRole('button', { name: 'Sign in' }).click()
  await expect(item.getByText('Request ID', { exact: true })).toBeVisible()
  await look(page, 'operation-card')
  await page.setViewportSize({ width: 390, height: 844 })
  await filters.click()
  await expect(page.getByRole('combobox', { name: 'Outcome' })).toBeVisible()
  await expectAccessible(page)
})

test('a profile shows its operations', async ({ page, rekey }) => {
  await page.goto(`${rekey.url}/account/me`)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByRole('link', { name: 'Operations' })).toBeHidden()
  await page.getByRole('tab', { name: 'Activity' }).click()
  await expect(page.getByRole('cell', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByText('Operations on your profile.')).toBeVisible()
  await page.getByRole('button', { name: 'Sign in', expanded: false }).click()
  await expect(page.getByText('Request ID', { exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Only from this address' })).toHaveCount(0)
  await expectAccessible(page)
  await page.goto(`${rekey.url}/account/operations`)
  await expect(page.getByText('You do not have permission to see the operation list')).toBeVisible()
  await signOut(page)
})
