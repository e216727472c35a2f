import { demoPassword, expect, expectAccessible, people, signIn, test } from '../pages/rekey'

// The header of the only proxy in front contains the address of the user.
test.use({ settings: { TRUST_PROXY: '1' } })

const office = { 'x-forwarded-for': '203.0.113.7' }
const elsewhere = { 'x-forwarded-for': '198.51.100.4' }
const { owner, member } = people

test('only allowed addresses get access while the list is on, and users cannot lock themselves out', async ({
  page,
  context,
  rekey,
}) => {
  await context.setExtraHTTPHeaders(office)
  const form = page.getByRole('form', { name: 'Add an allowed address' })
  const range = form.getByLabel('Address or range')
  const note = form.getByLabel('Note')
  const add = form.getByRole('button', { name: 'Add', exact: true })
  const list = page.getByRole('list', { name: 'Allowed addresses' }).getByRole('listitem')
  const only = page.getByRole('switch', { name: 'Allow only these addresses' })
  const dialog = page.getByRole('dialog')

  await page.goto(`${rekey.url}/account/settings/security`)
  await signIn(page, owner.login, demoPassword)
  await expect(
    page.getByText('Your current address is 203.0.113.7. The list does not cover it yet.'),
  ).toBeVisible()
  await expect(only).toBeDisabled()

  await range.fill('0.0.0.0/0')
  await add.click()
  await expect(range).toHaveAttribute('aria-invalid', 'true')
  await expect(range).toBeFocused()
  await expectAccessible(page)
  await range.fill('192.0.2.0/24')
  await note.fill('Warehouse')
  await add.click()
  await expect(list).toHaveText([/192\.0\.2\.0\/24.*Warehouse.*Olivia Bennett/])
  await range.fill('192.0.2.9/24')
  await add.click()
  await expect(form.getByText('This range is already on the list.')).toBeVisible()
  await expect(only).toBeDisabled()
  await range.fill('')
  await form.getByRole('button', { name: 'Use my current address' }).click()
  await note.fill('Head office')
  await add.click()
  await expect(list.nth(1)).toHaveText(/203\.0\.113\.7\/32.*You are here.*Head office/)
  await expectAccessible(page)

  await only.click()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Switch on' }).click()
  await expect(only).toBeChecked()
  // The range that covers the user cannot be removed while the list is on.
  await page.getByRole('button', { name: 'Remove 203.0.113.7/32' }).click()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(dialog.getByText('would no longer be allowed', { exact: false })).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  // From another address the user can neither sign in nor continue, and sees why.
  await context.setExtraHTTPHeaders(elsewhere)
  await page.goto(`${rekey.url}/account/me`)
  await expect(page.getByText('Your IP address is not allowed', { exact: false })).toBeVisible()
  await expectAccessible(page)
  await signIn(page, member.login, demoPassword)
  await expect(page.getByRole('alert')).toHaveText(/from your IP address, 198\.51\.100\.4/)

  // From an allowed address the session continues.
  await context.setExtraHTTPHeaders(office)
  await page.goto(`${rekey.url}/account/settings/security`)
  await only.click()
  await expect(only).not.toBeChecked()
  await page.getByRole('button', { name: 'Remove 192.0.2.0/24' }).click()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(list).toHaveCount(1)
  await expect(page.getByRole('heading', { name: 'Allowed addresses' })).toBeFocused()
})
