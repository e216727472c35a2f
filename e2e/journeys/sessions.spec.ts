import { demoPassword, expect, expectAccessible, people, signIn, test } from '../pages/rekey'

test('sign-in leads to the requested page, and has no axe violations', async ({ page, rekey }) => {
  await page.goto(`${rekey.url}/account/users?q=maya`)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expectAccessible(page)
  await signIn(page, people.owner.login, 'Wrong-One-123')
  await expect(page.getByText('Login or password is wrong.')).toBeVisible()
  await expectAccessible(page)
  await signIn(page, people.owner.login, demoPassword)
  await expect(page.getByRole('link', { name: `Edit ${people.member.name}` })).toBeVisible()
})

test('the next request shows that a session has ended', async ({ page, context, rekey }) => {
  await page.goto(`${rekey.url}/account/users`)
  await signIn(page, people.admin.login, demoPassword)
  await expect(page.getByRole('link', { name: /^Edit / })).toHaveCount(25)
  await context.clearCookies()
  await page.getByLabel('Search users').fill('maya')
  await expect(page.getByText('Your session has ended. Sign in again.')).toBeVisible()
})
