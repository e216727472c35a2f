import {
  demoPassword,
  expect,
  expectAccessible,
  linkMailedTo,
  people,
  signIn,
  test,
} from '../pages/rekey'

const newPassword = 'Brisk-Meadow-41'

test('a forgotten password is replaced through the mailed link, once', async ({
  page,
  browser,
  rekey,
  mailbox,
}) => {
  const elsewhere = await (await browser.newContext()).newPage()
  await elsewhere.goto(`${rekey.url}/account/me`)
  await signIn(elsewhere, people.member.login, demoPassword)
  await expect(elsewhere.getByRole('heading', { name: people.member.name })).toBeVisible()

  await page.goto(rekey.url)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible()
  await expectAccessible(page)
  // An error does not move the content above it.
  const heading = page.getByRole('heading', { name: 'Forgot your password?' })
  const before = await heading.boundingBox()
  await page.getByRole('button', { name: 'Send reset link' }).click()
  await expect(page.getByText('Enter your login.', { exact: true })).toBeVisible()
  expect(await heading.boundingBox()).toEqual(before)
  // The answer does not reveal whether an account exists.
  const answers: (string | null)[] = []
  for (const login of ['nobody@demo.example', people.member.login]) {
    await page.getByLabel('Login').fill(login)
    await page.getByRole('button', { name: 'Send reset link' }).click()
    await expect(page.getByRole('heading', { name: 'Check your mailbox' })).toBeVisible()
    answers.push((await page.getByRole('main').textContent())?.replace(login, '') ?? null)
    await expectAccessible(page)
    if (login !== people.member.login)
      await page.getByRole('button', { name: 'Request another link' }).click()
  }
  expect(answers[0]).toBe(answers[1])

  const link = await linkMailedTo(mailbox, people.member.login)
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'Set a new password' })).toBeVisible()
  await expect(page.getByLabel('Login')).toHaveValue(people.member.login)
  expect(page.url()).toBe(`${rekey.url}/reset-password`)
  await page.getByLabel('New password', { exact: true }).fill(demoPassword)
  await page.getByLabel('Repeat new password', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: 'Set new password' }).click()
  await expect(page.getByLabel('New password', { exact: true })).toBeFocused()
  await expect(page.locator('[data-verdict=unmet]').first()).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('New password', { exact: true }).fill(newPassword)
  await page.getByLabel('Repeat new password', { exact: true }).fill(newPassword)
  await page.getByRole('button', { name: 'Set new password' }).click()
  await expect(page.getByText('Your new password is set. Sign in with it.')).toBeVisible()
  await expect(page.getByLabel('Login')).toHaveValue(people.member.login)
  await expectAccessible(page)
  await page.getByLabel('Password', { exact: true }).fill(newPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()

  await elsewhere.getByRole('tab', { name: 'Activity' }).click()
  await expect(elsewhere.getByText(/A new password was set with a reset link/)).toBeVisible()
  await elsewhere.context().close()

  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'This link has been used' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Request a new link' }).click()
  await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible()
})
