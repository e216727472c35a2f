import {
  callApi,
  demoPassword,
  expect,
  expectFits,
  look,
  people,
  signIn,
  signOut,
  test,
} from '../pages/rekey'
import { SecondStep, SecurityTab, SignInAgain } from '../pages/security'

const { admin, member } = people

const profile = 'account/me'
const endOthers = 'mutation { endOtherSessions { count } }'

test('what a user typed is saved after they sign in again, and never in the name of another person', async ({
  page,
  browser,
  rekey,
}) => {
  // The browser logs the answers of a session that has ended.
  page.removeAllListeners('console')
  const firstName = page.getByLabel('First name')
  const save = page.getByRole('button', { name: 'Save changes' })
  const again = new SignInAgain(page)
  await page.goto(`${rekey.url}/${profile}`)
  await signIn(page, member.login, demoPassword)
  await firstName.fill('Maria')
  const elsewhere = await browser.newPage()
  await elsewhere.goto(`${rekey.url}/${profile}`)
  await signIn(elsewhere, member.login, demoPassword)
  await expect(elsewhere.getByRole('heading', { name: member.name })).toBeVisible()
  await callApi(elsewhere, rekey, endOthers, {})

  await save.click()
  await expect(again.password()).toBeFocused()
  await expect(again.login()).toHaveValue(member.login)
  await expect(again.root().getByText('was ended from another session')).toBeVisible()
  await look(page, 'sign-in-again')
  await again.password().fill('Wrong-One-123')
  await again.submit().click()
  await expect(again.root().getByText('Login or password is wrong.')).toBeVisible()
  await again.password().fill(demoPassword)
  await again.submit().click()
  await expect(again.root()).toBeHidden()
  await expect(page.getByText('Changes saved')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Maria' })).toBeVisible()

  // The user closes the dialog. The page stays, and the next attempt asks again.
  await firstName.fill('Mariella')
  await page.context().clearCookies()
  await save.click()
  await expect(again.password()).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(again.root()).toBeHidden()
  await expect(page.getByText('Sign in first.')).toBeVisible()
  await expect(firstName).toHaveValue('Mariella')

  // Another person gets a page of their own.
  await save.click()
  await again.login().fill(admin.login)
  await again.password().fill(demoPassword)
  await again.submit().click()
  await expect(page.getByRole('button', { name: /^Your menu/ })).toContainText('AN')
  await expect(firstName).toBeHidden()
  await elsewhere.reload()
  await expect(elsewhere.getByLabel('First name')).toHaveValue('Maria')
  await elsewhere.close()
})

test('a second factor and a link work in the dialog too', async ({ page, rekey }) => {
  page.removeAllListeners('console')
  const tab = new SecurityTab(page)
  const again = new SignInAgain(page)
  await page.goto(`${rekey.url}/account/me/security`)
  await signIn(page, member.login, demoPassword)
  const { app } = await tab.addApp()
  await page.getByRole('tab', { name: 'Profile' }).click()
  await page.getByLabel('First name').fill('Maria')
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await again.password().fill(demoPassword)
  await again.submit().click()
  const step = new SecondStep(page)
  await expect(step.appCode()).toBeFocused()
  await step.appCode().fill(await app.code(page))
  await again.submit().click()
  await expect(page.getByText('Changes saved')).toBeVisible()
})

test('all tabs of a browser agree about who is signed in', async ({ page, context, rekey }) => {
  page.removeAllListeners('console')
  const other = await context.newPage()
  const again = new SignInAgain(other)
  await page.goto(`${rekey.url}/sign-in`)
  await other.goto(`${rekey.url}/${profile}`)
  await signIn(other, member.login, demoPassword)
  await other.getByLabel('First name').fill('Maria')
  // The tab with the sign-in page continues.
  await expect(page.getByRole('heading', { name: member.name })).toBeVisible()

  await signOut(page)
  await expect(again.password()).toBeVisible()
  await signIn(page, admin.login, demoPassword)
  await expect(other.getByText(`${admin.login} signed in in another tab`)).toBeVisible()
  await expectFits(other)
  await other.getByRole('button', { name: 'Go to the home page' }).click()
  await expect(other.getByRole('heading', { name: 'Home' })).toBeVisible()

  // A page without a form gives way to the sign-in page.
  await signOut(other)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})
