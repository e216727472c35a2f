import { readFile } from 'node:fs/promises'
import { UsersPage } from '../pages/people'
import { checkSchemes, expect, expectAccessible, expectFits, people, test } from '../pages/rekey'

const { admin, member } = people

test('a row opens the profile, and its menu acts without leaving the table', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  await users.open(rekey, admin.login, '?q=maya+lind')
  const profile = /\/account\/users\/[0-9a-f-]{36}$/
  await users.row(member.name).getByText(member.login).click()
  await expect(page).toHaveURL(profile)
  await page.goBack()
  await users.link(member.name).press('Enter')
  await expect(page).toHaveURL(profile)
  await page.goBack()
  const opened = page.waitForEvent('popup')
  await users.row(member.name).getByText(member.login).click({ button: 'middle' })
  await expect(await opened).toHaveURL(profile)

  await users.menu(member.name).click()
  await expect(page.getByRole('menuitem', { name: 'Edit' })).toBeFocused()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(users.menu(member.name)).toBeFocused()
  await users.menu(member.name).click()
  await page.getByRole('menuitem', { name: 'Block' }).click()
  await page.getByLabel('Reason').fill('Lost the laptop')
  await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
  await expect(users.row(member.name)).toContainText('Blocked')
  await users.menu(admin.name).waitFor({ state: 'detached' })
  await users.menu(member.name).click()
  await page.getByRole('menuitem', { name: 'Change password' }).click()
  await expect(page.getByRole('dialog', { name: /Change password/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(users.menu(member.name)).toBeVisible()
})

test('columns and page size are remembered, and the page says which users it shows', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  await users.open(rekey, admin.login)
  await expect(page.getByText('1–25 of 312')).toBeVisible()
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(page.getByText('26–50 of 312')).toBeVisible()
  await page.reload()
  await expect(page.getByText('26–50 of 312')).toBeVisible()
  await page.getByRole('combobox', { name: 'Users on a page' }).click()
  await page.getByRole('option', { name: '100 per page' }).click()
  await expect(page.getByText('1–100 of 312')).toBeVisible()
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Second factor' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Phone' }).click()
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(page.getByRole('columnheader', { name: 'Second factor' })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'Phone' })).toHaveCount(0)
  await expect(users.edits()).toHaveCount(100)
  const heights = await page
    .getByRole('row')
    .evaluateAll(rows => new Set(rows.slice(1).map(row => row.getBoundingClientRect().height)).size)
  expect(heights).toBe(1)
  await page.setViewportSize({ width: 1024, height: 768 })
  await expect(page.getByRole('table')).toBeVisible()
  await expectFits(page)
  await checkSchemes(page)
})

test('what is filtered can be downloaded', async ({ page, rekey }) => {
  const users = new UsersPage(page)
  await users.open(rekey, admin.login, '?secondFactor=none&q=maya+lind')
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export' }).click()
  const download = await coming
  expect(download.suggestedFilename()).toBe('users.csv')
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain(member.login)
  await page.getByRole('link', { name: 'Operations' }).click()
  await expect(page.getByText('Export users').first()).toBeVisible()
})
