import type { Page } from '@playwright/test'
import { UsersPage } from '../pages/people'
import { checkSchemes, expect, expectAccessible, people, test } from '../pages/rekey'

/** Selects the whole page, and then all users that match. */
const selectAll = async (page: Page, users: UsersPage) => {
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check()
  await users
    .bulk()
    .getByRole('button', { name: /^Select all [\d,]+ users that match/ })
    .click()
  await expect(users.bulk()).toContainText(/All [\d,]+ matching users are selected/)
}
const choose = async (page: Page, users: UsersPage, action: string) => {
  await users.bulk().getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: new RegExp(`^${action}`) }).click()
  await expect(page.getByRole('menu')).toBeHidden()
}

test('all users that match are signed out by one job, which shows its results', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  await users.open(rekey, people.owner.login, '?q=demo.example')
  await selectAll(page, users)
  await choose(page, users, 'Sign out')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(/Sign out [\d,]+ users\?/)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Sign out' }).click()
  await expect(dialog.getByRole('progressbar')).toBeVisible()
  await expect(dialog).toContainText('The job is done.', { timeout: 30_000 })
  await expect(dialog.getByRole('list', { name: 'Not changed' })).toContainText(people.owner.name)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(users.bulk()).toBeHidden()
})

test('the number of users must be typed before they are deleted', async ({ page, rekey }) => {
  const users = new UsersPage(page)
  await users.open(rekey, people.owner.login, '?status=INVITED')
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check()
  const count = /^\d+/.exec((await users.bulk().textContent()) ?? '')?.[0] ?? ''
  await choose(page, users, 'Delete')
  const dialog = page.getByRole('dialog')
  const confirm = dialog.getByRole('button', { name: 'Delete' })
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel('Number of users').fill('1')
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel('Number of users').fill(count)
  await expectAccessible(page)
  await confirm.click()
  await expect(dialog).toContainText('The job is done.', { timeout: 60_000 })
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText('No users match')).toBeVisible()
})

test('another search or another selection ends the selection of all', async ({ page, rekey }) => {
  const users = new UsersPage(page)
  await users.open(rekey, people.owner.login, '?q=demo.example')
  await selectAll(page, users)
  await page.getByRole('checkbox', { name: 'Select all on this page' }).uncheck()
  await expect(users.bulk()).toBeHidden()
  await selectAll(page, users)
  await users.search('maya lind')
  await expect(users.bulk()).toContainText(/\d+ users selected/)
})

test('the dialogs of a job have no axe violations and fit, light and dark, wide and narrow', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  await users.open(rekey, people.owner.login, '?q=maya+lind')
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await page.goto(`${rekey.url}/account/users?q=maya+lind`)
    await users.box(people.member.name).check()
    await choose(page, users, 'Delete')
    await expect(page.getByLabel('Number of users')).toBeVisible()
    await checkSchemes(page)
    await page.keyboard.press('Escape')
    await choose(page, users, 'Require new passwords')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Require new passwords' }).click()
    await expect(dialog).toContainText('The job is done.', { timeout: 30_000 })
    await checkSchemes(page)
    await dialog.getByRole('button', { name: 'Done' }).click()
  }
})
