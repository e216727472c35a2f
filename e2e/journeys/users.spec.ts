import {
  checkSchemes,
  demoPassword,
  expect,
  expectAccessible,
  pencil,
  people,
  signIn,
  test,
} from '../pages/rekey'

test.beforeEach(async ({ page, rekey }) => {
  await page.goto(`${rekey.url}/account/users`)
  await signIn(page, people.admin.login, demoPassword)
  await expect(page.getByRole('link', { name: /^Edit / })).toHaveCount(25)
})

test('a filter that is chosen while a search waits is kept', async ({ page }) => {
  // The options are open before the search begins to wait.
  await page.getByRole('combobox', { name: 'Status' }).click()
  await page.getByRole('option').first().waitFor()
  await page.evaluate(() => {
    const field = document.querySelector<HTMLInputElement>('input[type=search], main input')
    const chosen = document.querySelector<HTMLElement>('[role=option]')
    if (field === null || chosen === null) throw new Error('The page has no search or filter.')
    const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value') ?? {}
    set?.call(field, 'maya')
    field.dispatchEvent(new Event('input', { bubbles: true }))
    setTimeout(() => chosen.click(), 50)
  })
  await expect(page).toHaveURL(/q=maya/)
  await expect(page).toHaveURL(/status=/)
})

test('the table has pages, sorts and filters, and its address keeps the place', async ({
  page,
}) => {
  const firstLogin = () => page.getByRole('row').nth(1).getByRole('cell').nth(1)
  await expect(page.getByText('312 users')).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'Actions' })).toBeInViewport({ ratio: 1 })
  const start = await firstLogin().textContent()
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(firstLogin()).not.toHaveText(start ?? '')
  // Both buttons move the focus to the start of the list.
  const list = page.getByRole('region', { name: 'Users', exact: true })
  await expect(firstLogin()).toBeInViewport({ ratio: 1 })
  await expect(list).toBeFocused()
  const second = await firstLogin().textContent()
  await page.reload()
  await expect(firstLogin()).toHaveText(second ?? '')
  await page.getByRole('button', { name: 'Previous' }).click()
  await expect(firstLogin()).toHaveText(start ?? '')
  await expect(firstLogin()).toBeInViewport({ ratio: 1 })
  await page.keyboard.press('Tab')
  await expect(page.getByRole('checkbox', { name: 'Select all on this page' })).toBeFocused()

  // The focus is also not lost if the whole list is visible and the pressed button is now
  // disabled.
  await page.setViewportSize({ width: 1280, height: 2200 })
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(firstLogin()).not.toHaveText(start ?? '')
  await page.getByRole('button', { name: 'Previous' }).click()
  await expect(firstLogin()).toHaveText(start ?? '')
  await expect(page.getByRole('button', { name: 'Previous' })).toBeDisabled()
  await expect(list).toBeFocused()
  expect(await page.evaluate(() => window.scrollY)).toBe(0)

  await page.getByRole('button', { name: 'Login' }).click()
  await expect(page.getByRole('columnheader', { name: 'Login' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  )
  await page.getByRole('button', { name: 'Login' }).click()
  await expect(page.getByRole('columnheader', { name: 'Login' })).toHaveAttribute(
    'aria-sort',
    'descending',
  )

  await page.getByLabel('Search users').fill('nobody at all')
  await expect(page.getByText('No users match')).toBeVisible()
  expect(page.url()).toContain('q=nobody')
  await page.getByRole('button', { name: 'Clear search and filters' }).click()
  await expect(page.getByLabel('Search users')).toBeFocused()
  await expect(page.getByText('312 users')).toBeVisible()

  // On a phone the menu covers the page: the content below cannot be reached, and Escape
  // closes the menu.
  await page.setViewportSize({ width: 390, height: 844 })
  const burger = page.getByRole('button', { name: 'Open navigation' })
  await expect(burger).toHaveAttribute('aria-expanded', 'false')
  await burger.press('Enter')
  await expect(page.getByRole('link', { name: 'Operations' })).toBeVisible()
  await expect(page.locator('main')).toHaveAttribute('inert')
  await page.keyboard.press('Escape')
  await expect(burger).toBeFocused()
  await expect(page.locator('main')).not.toHaveAttribute('inert')

  // A phone shows the filters on request, and has no table header with which to sort.
  await expect(page.getByRole('combobox', { name: 'Status' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Filter and sort' }).click()
  await page.getByRole('combobox', { name: 'Status' }).click()
  await page.getByRole('option', { name: 'Active' }).click()
  await expect(page.getByRole('button', { name: 'Filter and sort (1)' })).toBeVisible()
  const sort = page.getByRole('combobox', { name: 'Sort by' })
  await expect(sort).toHaveValue('Login, Z to A')
  await sort.click()
  await page.getByRole('option', { name: 'Last sign-in, newest first' }).click()
  await expect(page).toHaveURL(/sort=last-sign-in&dir=desc/)
  await expect(page.getByRole('listitem').first()).toContainText(people.admin.login)
})

test('a failure is shown, with a button to try again, and ends by itself', async ({
  page,
  context,
}) => {
  let requests = 0
  page.on('requestfailed', request => {
    // Other requests of the page may still be on their way.
    if (request.postData()?.includes('"maya"')) requests += 1
  })
  await context.setOffline(true)
  await page.getByLabel('Search users').fill('maya')
  const failure = page.getByText('This could not be loaded')
  await expect(failure).toBeVisible()
  await page.waitForTimeout(500)
  expect(requests).toBe(1)
  await page.getByRole('button', { name: 'Retry' }).click()
  await expect.poll(() => requests).toBe(2)
  await expect(failure).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByRole('link', { name: `Edit ${people.member.name}` })).toBeVisible()
})

test('a profile is edited, and unsaved changes are not lost without a question', async ({
  page,
}) => {
  await page.getByLabel('Search users').fill('maya lind')
  await page.getByRole('link', { name: `Edit ${people.member.name}` }).click()
  await page.getByLabel('First name').fill('Mayla')
  await page.getByRole('link', { name: 'Users' }).first().click()
  await expect(page.getByText('Leave without saving?')).toBeVisible()
  await page.getByRole('button', { name: 'Stay' }).click()
  await page.getByLabel('Login').fill(people.admin.login)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Another user has this login.')).toBeVisible()
  await expect(page.getByLabel('Login')).toBeFocused()
  await page.getByLabel('Login').fill(people.member.login)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Changes saved')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Mayla Lindqvist' })).toBeVisible()
  await expectAccessible(page)
})

test('an external id is saved on the profile, belongs to one user, and can only be read by that user', async ({
  page,
  browser,
  rekey,
}) => {
  const profileOf = async (name: string) => {
    await page.goto(`${rekey.url}/account/users?q=${encodeURIComponent(name)}`)
    await page.getByRole('link', { name: `Edit ${name}` }).click()
  }
  const externalId = page.getByLabel('External id')
  await profileOf(people.member.name)
  await externalId.fill('E-1042')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Changes saved')).toBeVisible()
  await profileOf(people.admin.name)
  await externalId.fill('E-1042')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Another user has this external id.')).toBeVisible()
  await expect(externalId).toBeFocused()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Discard' }).click()

  const member = await (await browser.newContext()).newPage()
  await member.goto(`${rekey.url}/account/me`)
  await signIn(member, people.member.login, demoPassword)
  await expect(member.getByLabel('External id')).toHaveValue('E-1042')
  await expect(member.getByLabel('External id')).toHaveAttribute('readonly')
})

test('the table and the profile have no axe violations, light and dark, wide and narrow', async ({
  page,
}) => {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await checkSchemes(page)
  }
  // The current page is also marked if the system sets the colours.
  await page.setViewportSize({ width: 1280, height: 844 })
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' })
  const entryOf = (name: string) => page.getByRole('link', { name, exact: true })
  await expect(entryOf('Users')).toHaveCSS('forced-color-adjust', 'none')
  await expect(entryOf('Operations')).toHaveCSS('forced-color-adjust', 'auto')
})

test('a missing file of a dialog shows a way to reload', async ({ page }) => {
  // React logs the failure, which the test causes itself.
  page.removeAllListeners('console')
  const file = /\/assets\/ChangePasswordSteps-/
  await page.route(file, route => route.abort())
  await page
    .getByRole('link', { name: /^Edit / })
    .first()
    .click()
  await pencil(page).click()
  await expect(page.getByText('This page could not be shown')).toBeVisible()
  await page.unroute(file)
  await page.getByRole('button', { name: 'Reload' }).click()
  await expect(page.getByLabel('Your current password', { exact: true })).toBeFocused()
})
