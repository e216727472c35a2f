import {
  callApi,
  demoPassword,
  expect,
  expectAccessible,
  linkMailedTo,
  people,
  signIn,
  test,
} from '../pages/rekey'

const login = 'nora.lindgren@demo.example'
const password = 'Brisk-Meadow-41'

const inviteUser = `mutation ($input: InviteUserInput!) {
  inviteUser(input: $input) { user { id } errors { ... on UserError { message } } }
}`
const resendInvitation = `mutation ($input: ResendInvitationInput!) {
  resendInvitation(input: $input) { errors { ... on UserError { message } } }
}`

test('an invited user chooses a password through the mailed link, once, and is signed in', async ({
  page,
  browser,
  rekey,
  mailbox,
}) => {
  await page.goto(`${rekey.url}/account/users`)
  await signIn(page, people.owner.login, demoPassword)
  await expect(page.getByRole('heading', { name: 'Users' })).toBeVisible()
  const { inviteUser: invited } = await callApi(page, rekey, inviteUser, {
    input: { login, firstName: 'Nora', lastName: 'Lindgren' },
  })
  expect(invited.errors).toEqual([])
  const withdrawn = await linkMailedTo(mailbox, login)
  await callApi(page, rekey, resendInvitation, { input: { userId: invited.user.id } })
  const link = await linkMailedTo(mailbox, login, 2)

  const nora = await (await browser.newContext()).newPage()
  await nora.goto(withdrawn)
  await expect(nora.getByRole('heading', { name: 'This link has been revoked' })).toBeVisible()
  await expectAccessible(nora)

  // In the same tab, only the fragment of the address changes.
  await nora.goto(link)
  await expect(nora.getByRole('heading', { name: 'Welcome, Nora Lindgren' })).toBeVisible()
  await expect(nora.getByLabel('Login')).toHaveValue(login)
  expect(nora.url()).toBe(`${rekey.url}/activate`)
  await nora.getByLabel('Password', { exact: true }).fill('nora.lindgren')
  await nora.getByRole('button', { name: 'Activate account' }).click()
  await expect(nora.getByLabel('Password', { exact: true })).toBeFocused()
  await expect(nora.locator('[data-rule~=CONTAINS_LOGIN]')).toHaveAttribute('data-verdict', 'unmet')
  await expect(nora.locator('[data-rule~=REUSED]')).toHaveCount(0)
  await expectAccessible(nora)
  await nora.getByLabel('Password', { exact: true }).fill(password)
  await nora.getByLabel('Repeat password', { exact: true }).fill(password)
  await nora.getByRole('button', { name: 'Activate account' }).click()
  await expect(nora).toHaveURL(`${rekey.url}/`)
  await expect(nora.getByRole('heading', { name: 'Home' })).toBeVisible()

  await nora.goto(link)
  await expect(nora.getByRole('heading', { name: 'This link has been used' })).toBeVisible()
  await nora.getByRole('link', { name: 'Go to sign-in' }).click()
  await signIn(nora, login, password)
  await expect(nora.getByRole('heading', { name: 'Nora Lindgren' })).toBeVisible()
  await nora.context().close()
})

test('an incomplete or made-up link shows an error', async ({ page, rekey }) => {
  for (const link of ['/activate', '/activate#token=made-up']) {
    await page.goto('about:blank')
    await page.goto(rekey.url + link)
    await expect(page.getByRole('heading', { name: 'This link does not work' })).toBeVisible()
  }
})
