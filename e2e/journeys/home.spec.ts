import { comeBackTo, demoPassword, expect, look, people, signIn, test } from '../pages/rekey'

test('an owner sees the figures of the account, and opens the lists behind them', async ({
  page,
  rekey,
}) => {
  await page.goto(rekey.url)
  await signIn(page, people.owner.login, demoPassword)
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible()
  const main = page.getByRole('main')
  // The server counts once a minute.
  await expect(async () => {
    await comeBackTo(page)
    const chart = main.getByRole('img', { name: /^Bar chart: 1 sign-in and 0 failed/ })
    await expect(chart).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 120_000 })
  await expect(main.getByText('Without one, invitations')).toBeHidden()
  await look(page, 'home')

  await main.getByText('Show as a table').click()
  const today = main.getByRole('row').nth(1)
  await expect(today.getByRole('cell').nth(1)).toHaveText('1')
  await expect(main.getByRole('row')).toHaveCount(31)

  await main.getByRole('link', { name: /Blocked$/ }).click()
  await expect(page).toHaveURL(/\/account\/users\?status=BLOCKED$/)
  await page.getByRole('link', { name: 'Home', exact: true }).click()
  await main.getByRole('link', { name: /^Show the \d+ users without one$/ }).click()
  await expect(page).toHaveURL(/secondFactor=none/)
})

test('the set-up checklist goes when each step is done or skipped', async ({
  page,
  emptyRekey,
}) => {
  await page.goto(emptyRekey.setupLink ?? '')
  await page.getByLabel('Login').fill('owner@rekey.example')
  await page.getByLabel('First name').fill('Olga')
  await page.getByLabel('Password', { exact: true }).fill(demoPassword)
  await page.getByLabel('Repeat password', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: 'Create owner and sign in' }).click()
  const checklist = page.getByRole('region', { name: 'Set up your account' })
  await expect(checklist.getByText('0 of 5 steps done')).toBeVisible()
  await look(page, 'home-setup')
  await checklist.getByRole('button', { name: 'I have backups' }).click()
  await expect(checklist.getByText('1 of 5 steps done')).toBeVisible()
  await expect(checklist.getByRole('heading')).toBeFocused()
  await checklist.getByRole('button', { name: 'Hide checklist' }).click()
  await expect(checklist).toBeHidden()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible()
  await expect(checklist).toBeHidden()
})

test('a member sees their own security and what to do next', async ({ page, rekey }) => {
  await page.goto(rekey.url)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'People' })).toBeHidden()
  await look(page, 'home-member')
  await page.getByRole('link', { name: /^Add a second factor/ }).click()
  await expect(page.getByRole('heading', { name: 'Second factor' })).toBeVisible()
})
