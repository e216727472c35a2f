import { UsersPage } from '../pages/people'
import { expect, look, people, test } from '../pages/rekey'

const { owner, member } = people
const profileFile = /\/assets\/EditUserPage-.*\.js/

test.beforeEach(async ({ page, rekey }) => {
  await new UsersPage(page).open(rekey, owner.login, '?q=maya')
  // The browser and React log the failures that these tests cause.
  page.removeAllListeners('console')
  page.removeAllListeners('pageerror')
})

test('a page waits for the connection, and then loads by itself', async ({ page, context }) => {
  const edit = new UsersPage(page).edit(member.name)
  // The list has parts of its own for wide and narrow windows, which load when they are needed.
  await page.setViewportSize({ width: 390, height: 800 })
  await expect(page.getByRole('listitem').filter({ has: edit })).toBeVisible()
  await page.setViewportSize({ width: 1280, height: 800 })
  await context.setOffline(true)
  await expect(page.getByText('You are offline.', { exact: false })).toBeVisible()
  await look(page, 'offline')
  await edit.click()
  await expect(page.getByText('This page has not been loaded yet', { exact: false })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Operations' })).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByRole('heading', { name: member.name })).toBeVisible()
  await expect(page.getByText('You are offline.', { exact: false })).toBeHidden()
})

test('an error of the server does not blame the connection, and shows its request ID', async ({
  page,
}) => {
  const requestId = '0198f3a1-7c1e-7abc-8def-0123456789ab'
  const answers = [
    { status: 500, headers: { 'x-request-id': requestId } },
    { status: 502, headers: {} },
  ]
  let answer = answers[0]
  await page.route('**/graphql', route =>
    answer !== undefined && route.request().postData()?.includes('EditedUser')
      ? route.fulfill({ ...answer, contentType: 'text/html', body: '<h1>Bad</h1>' })
      : route.fallback(),
  )
  await new UsersPage(page).edit(member.name).click()
  await expect(page.getByText(requestId)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Copy request ID' })).toBeVisible()
  await look(page, 'server-error')
  answer = answers[1]
  await page.getByRole('button', { name: 'Retry' }).click()
  await expect(page.getByText('error 502', { exact: false })).toBeVisible()
  await expect(page.getByText('Check your connection', { exact: false })).toBeHidden()
  answer = undefined
  await page.getByRole('button', { name: 'Retry' }).click()
  await expect(page.getByRole('heading', { name: member.name })).toBeVisible()
})

test('a missing file after an update is called a new version, in the place of the page', async ({
  page,
}) => {
  await page.route(profileFile, route => route.fulfill({ status: 404 }))
  await page.route('**/sign-in', async route => {
    const answer = await route.fetch()
    const body = (await answer.text()).replace(/\/assets\/index-[^"]+\.js/, '/assets/index-new.js')
    await route.fulfill({ response: answer, body })
  })
  await new UsersPage(page).edit(member.name).click()
  await expect(page.getByText('A new version is here')).toBeVisible()
  await look(page, 'new-version')
  // The navigation still works.
  await page.getByRole('link', { name: 'Operations' }).click()
  await expect(page.getByRole('heading', { name: 'Operations' })).toBeVisible()
  await page.goBack()
  await page.unroute(profileFile)
  await page.getByRole('button', { name: 'Reload' }).click()
  await expect(page.getByRole('heading', { name: member.name })).toBeVisible()
})

test('a bar shows at once that a page loads, and its data loads at the same time', async ({
  page,
}) => {
  let release: () => void = () => undefined
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  await page.route(profileFile, async route => {
    await released
    await route.continue()
  })
  const early = page.waitForRequest(request => request.postData()?.includes('EditedUser') ?? false)
  await new UsersPage(page).edit(member.name).click()
  await expect(page.getByRole('progressbar', { name: 'Loading the next page' })).toBeAttached()
  await expect(page.getByRole('main')).toHaveAttribute('aria-busy', 'true')
  await early
  release()
  await expect(page.getByRole('heading', { name: member.name })).toBeVisible()
  await expect(page.getByRole('progressbar', { name: 'Loading the next page' })).toBeHidden()
  await expect(page.getByRole('main')).toHaveAttribute('aria-busy', 'false')
})

test('the files of a page load when the user points at its link', async ({ page }) => {
  const file = page.waitForRequest(profileFile)
  await new UsersPage(page).edit(member.name).hover()
  await file
})

test('a message covers no button of the header', async ({ page }) => {
  await new UsersPage(page).edit(member.name).click()
  await page.getByLabel('First name').fill('Maria')
  await page.getByRole('button', { name: 'Save changes' }).click()
  const message = page.locator('.mantine-Notification-root').filter({ hasText: 'Changes saved' })
  await expect(message).toBeVisible()
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await message.hover()
    await expect(page.getByRole('button', { name: /^Your menu/ })).toBeInViewport()
    const top = (await message.boundingBox())?.y ?? 0
    expect(top).toBeGreaterThan(400)
  }
})
