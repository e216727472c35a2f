import type { Locator, Page } from '@playwright/test'
import { ApiUser } from '../pages/api-user'
import { UsersPage } from '../pages/people'
import {
  callApi,
  demoPassword,
  expect,
  expectAccessible,
  expectFits,
  people,
  signIn,
  test,
} from '../pages/rekey'

/**
 * The contrast of an edge or a focus ring. Reads it from the pixels of a screenshot, so it sees what
 * a user sees, whichever style draws it.
 *
 * @param against whether the pixels must stand out from what is outside of the control, or also
 *   from what is inside.
 */
const contrastOf = async (
  page: Page,
  control: Locator,
  against: 'outside' | 'both sides',
  reach = 5,
): Promise<number> => {
  await control.scrollIntoViewIfNeeded()
  const box = await control.boundingBox()
  if (box === null) throw new Error('The control is not visible.')
  // A line across the left edge, at half height: outside, edge, inside.
  const shot = await page.screenshot({
    clip: { x: box.x - reach, y: box.y + box.height / 2, width: 2 * reach, height: 1 },
    animations: 'disabled',
    caret: 'hide',
  })
  const luminances = await page.evaluate(
    async url => {
      const image = new Image()
      image.src = url
      await image.decode()
      const context = new OffscreenCanvas(image.width, 1).getContext('2d')
      if (context === null) throw new Error('There is no canvas.')
      context.drawImage(image, 0, 0)
      const { data } = context.getImageData(0, 0, image.width, 1)
      const luminances: number[] = []
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0] = [...data.slice(at, at + 3)].map(value =>
          value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
        )
        luminances.push(0.2126 * red + 0.7152 * green + 0.0722 * blue)
      }
      return luminances
    },
    `data:image/png;base64,${shot.toString('base64')}`,
  )
  const ratio = (one: number, other: number) =>
    (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
  const outside = luminances[0] ?? 0
  const inside = against === 'outside' ? outside : (luminances.at(-1) ?? 0)
  return Math.max(...luminances.map(pixel => Math.min(ratio(pixel, outside), ratio(pixel, inside))))
}

/** Expects that the edge of a control has enough contrast (WCAG 2.2, 1.4.11). */
const expectEdge = async (
  page: Page,
  name: string,
  control: Locator,
  against: 'outside' | 'both sides' = 'both sides',
): Promise<void> => {
  const edge = await contrastOf(page, control, against)
  expect.soft(edge, `the edge of ${name}`).toBeGreaterThanOrEqual(3)
}

/** Expects that a ring around the focused control has enough contrast, and is 2 px wide. */
const expectRing = async (
  page: Page,
  name: string,
  control: Locator,
  drawnOn = control,
): Promise<void> => {
  // With the keyboard, as only its users see the ring of a button.
  await page.keyboard.press('Shift')
  await control.focus()
  const [style, width, offset] = await drawnOn.evaluate(element => {
    const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(element)
    return [outlineStyle, outlineWidth, outlineOffset]
  })
  expect.soft([style, width], `the ring of ${name}`).toEqual(['solid', '2px'])
  // Between a ring and its button there is a gap, in the colour of the outside.
  const ring = await (offset === '2px'
    ? contrastOf(page, drawnOn, 'outside')
    : // Not further: the edge of a menu is 4 px away from its items.
      contrastOf(page, drawnOn, 'both sides', 3))
  expect.soft(ring, `the ring of ${name}`).toBeGreaterThanOrEqual(3)
  await control.blur()
}

// A control that does not exist should not cost the time of the whole test.
test.use({ actionTimeout: 30_000 })

const wrapperOf = (input: Locator) => input.locator('xpath=..')

for (const colorScheme of ['light', 'dark'] as const) {
  test(`edges and focus rings have a contrast of 3 to 1 in the ${colorScheme} scheme`, async ({
    page,
    rekey,
  }) => {
    test.slow()
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.goto(rekey.url)
    const login = page.getByLabel('Login')
    await expect(login).toBeFocused()
    await login.blur()
    await expectEdge(page, 'the login', login)
    await expectRing(page, 'the login', login)
    const password = page.getByLabel('Password', { exact: true })
    await expectEdge(page, 'the password', wrapperOf(password))
    await expectRing(page, 'the password', password, wrapperOf(password))
    await expectRing(page, 'a button', page.getByRole('button', { name: 'Sign in', exact: true }))
    await signIn(page, people.owner.login, demoPassword)
    await expect(page.getByRole('navigation').first()).toBeVisible()

    await page.goto(`${rekey.url}/account/users`)
    const search = page.getByRole('searchbox').or(page.getByRole('textbox')).first()
    await expectEdge(page, 'a field on the page', search)
    await expectRing(page, 'a field on the page', search)
    const row = page.getByRole('row').nth(1).getByRole('checkbox')
    await expectEdge(page, 'a checkbox in a table', row)
    await expectRing(page, 'a checkbox in a table', row)
    await row.check()
    await expectEdge(page, 'a checked checkbox in a table', row, 'outside')

    await page.goto(`${rekey.url}/account/me`)
    const name = page.getByLabel('First name')
    await expectEdge(page, 'a field on a card', name)
    await expectRing(page, 'a field on a card', name)
    const language = page.getByRole('combobox', { name: 'Language' })
    await expectEdge(page, 'a select', language)
    await expectRing(page, 'a select', language)
    await expectRing(page, 'an icon button', page.getByRole('button', { name: 'Change password' }))

    await page.goto(`${rekey.url}/account/me/security`)
    const add = page.getByRole('button', { name: 'Add a passkey' })
    await expectEdge(page, 'a default button on a card', add, 'outside')

    await page.goto(`${rekey.url}/account/me/change-password`)
    const current = page.getByLabel('Your current password', { exact: true })
    await expect(current).toBeFocused()
    await current.blur()
    await expectEdge(page, 'a field in a dialog', wrapperOf(current))
    await expectRing(page, 'a field in a dialog', current, wrapperOf(current))

    await page.goto(`${rekey.url}/account/settings/security`)
    const off = page.getByRole('radio', { name: /^Off/ })
    await expectEdge(page, 'a radio button', off)
    await expectRing(page, 'a radio button', off)
    await expectEdge(
      page,
      'a chosen radio button',
      page.getByRole('radio', { name: /^Optional/ }),
      'outside',
    )
    const method = page.getByRole('checkbox', { name: /^Authenticator app/ })
    await expectEdge(page, 'a checked checkbox', method, 'outside')
    await expectRing(page, 'a checked checkbox', method)
    await method.uncheck()
    await method.blur()
    await expectEdge(page, 'a checkbox', method)

    await page.goto(`${rekey.url}/account/settings/password-policy`)
    const [switches, tracks] = [page.getByRole('switch'), page.locator('.mantine-Switch-track')]
    await expect(switches.first()).toBeVisible()
    for (let index = 0; index < (await switches.count()); index++) {
      const control = switches.nth(index)
      if (await control.isDisabled()) continue
      await expectEdge(page, `switch ${index}`, tracks.nth(index), 'outside')
      await expectRing(page, `switch ${index}`, control, tracks.nth(index))
    }
  })
}

test('in the dark scheme a card is lighter than the page, and a dialog and a menu lighter than a card', async ({
  page,
  rekey,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto(rekey.url)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByRole('navigation').first()).toBeVisible()
  await page.goto(`${rekey.url}/account/me`)
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
  const lightnessOf = (element: Locator) =>
    element.evaluate(shown => {
      const [red = 0, green = 0, blue = 0] =
        getComputedStyle(shown)
          .backgroundColor.match(/[\d.]+/g)
          ?.map(Number) ?? []
      return red + green + blue
    })
  const ground = await lightnessOf(page.locator('body'))
  const card = await lightnessOf(page.locator('.mantine-Card-root').first())
  expect(card).toBeGreaterThan(ground)
  await page.getByRole('button', { name: /^Your menu/ }).click()
  expect(await lightnessOf(page.getByRole('menu'))).toBeGreaterThan(card)
  await page.keyboard.press('Escape')
  await page.getByRole('main').getByRole('button', { name: 'Change password' }).click()
  expect(await lightnessOf(page.locator('.mantine-Modal-content'))).toBeGreaterThan(card)
})

test('the exact time is shown by keyboard, mouse and touch', async ({ page, browser, rekey }) => {
  await page.goto(rekey.url)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByRole('navigation').first()).toBeVisible()
  await page.goto(`${rekey.url}/account/me`)
  const added = page.getByText(/years ago$/).last()
  const exact = page.getByRole('tooltip')
  await added.focus()
  await expect(exact).toHaveText(/\d{4}/)
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(exact).toBeHidden()
  await added.hover()
  await expect(exact).toBeVisible()
  // The pointer can move onto the exact time, for example to copy it.
  await exact.hover()
  await expect(exact).toBeVisible()
  await page.mouse.move(0, 0)
  await expect(exact).toBeHidden()

  const phone = await browser.newContext({
    hasTouch: true,
    storageState: await page.context().storageState(),
    viewport: { width: 320, height: 640 },
  })
  const narrow = await phone.newPage()
  await narrow.goto(`${rekey.url}/account/me`)
  await narrow
    .getByText(/years ago$/)
    .last()
    .tap()
  await expect(narrow.getByRole('tooltip')).toHaveText(/\d{4}/)
  await expectFits(narrow)
  await phone.close()
})

test('a click on “Sign in” counts while the Caps Lock hint is shown', async ({ page, rekey }) => {
  await page.goto(rekey.url)
  await page.getByLabel('Login').fill(people.member.login)
  const password = page.getByLabel('Password', { exact: true })
  await password.fill(demoPassword)
  await password.dispatchEvent('keyup', { key: 'A', modifierCapsLock: true })
  await expect(page.getByText('Caps Lock is on.')).toBeVisible()
  const box = await page.getByRole('button', { name: 'Sign in', exact: true }).boundingBox()
  if (box === null) throw new Error('There is no button.')
  // At its lower edge, from which the button would move away.
  await page.mouse.click(box.x + box.width / 2, box.y + box.height - 2, { delay: 100 })
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
})

test('icons, the manifest and the colour of the browser follow the product and the scheme', async ({
  page,
  rekey,
}) => {
  await page.goto(rekey.url)
  const manifest = await page.locator('link[rel=manifest]').getAttribute('href')
  const answer = await page.request.get(rekey.url + manifest)
  expect(answer.headers()['content-type']).toContain('application/manifest+json')
  const { name, icons } = await answer.json()
  expect(name).toBe('Rekey')
  expect(icons.map(({ purpose }: { purpose: string }) => purpose)).toContain('maskable')
  const apple = await page.locator('link[rel=apple-touch-icon]').getAttribute('href')
  for (const path of [apple, ...icons.map(({ src }: { src: string }) => src)]) {
    const icon = await page.request.get(rekey.url + path)
    expect(icon.headers()['content-type']).toMatch(/^image\//)
  }
  const shown = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')].find(
          ({ media }) => matchMedia(media).matches,
        )?.content,
    )
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await shown()).toBe('#ffffff')
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await shown()).toBe('#141414')
  await signIn(page, people.member.login, demoPassword)
  // From the scheme of the system to the light one.
  await page.getByRole('button', { name: /^Colours/ }).click()
  await expect.poll(shown).toBe('#ffffff')
})

test('breadcrumbs are links, and titles name the tab', async ({ page, rekey }) => {
  await page.goto(rekey.url)
  await signIn(page, people.owner.login, demoPassword)
  await expect(page.getByRole('navigation').first()).toBeVisible()
  const { users } = await callApi(
    page,
    rekey,
    'query ($search: String) { users(search: $search) { nodes { id } } }',
    { search: people.member.login },
  )
  await page.goto(`${rekey.url}/account/users/${users.nodes[0].id}/access`)
  await expect(page).toHaveTitle(`Access · ${people.member.name} · Rekey`)
  await page.goto(`${rekey.url}/account/users/${users.nodes[0].id}/change-password`)
  await expect(page).toHaveTitle(`Change password · ${people.member.name} · Rekey`)
  await page.keyboard.press('Escape')
  const crumbs = page.getByRole('navigation', { name: 'Breadcrumb' })
  await expect(crumbs.getByRole('link')).toHaveText(['Account', 'Users'])
  await page.goto(`${rekey.url}/account/settings`)
  await expect(page).toHaveURL(`${rekey.url}/account/settings/general`)
})

test('in forced colours and right-to-left, nothing is lost', async ({ page, rekey }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto(rekey.url)
  await page.evaluate(() => (document.documentElement.dir = 'rtl'))
  const login = page.getByLabel('Login')
  await login.fill(`${'long.'.repeat(20)}@demo.example`)
  await login.blur()
  expect(
    await login.evaluate(field => [getComputedStyle(field).direction, field.scrollLeft]),
  ).toEqual(['ltr', 0])
  await page.emulateMedia({ forcedColors: 'active' })
  await login.focus()
  expect(await login.evaluate(field => getComputedStyle(field).outlineStyle)).toBe('solid')
})

test('in forced colours, the focus can be seen on each kind of control', async ({
  page,
  rekey,
}) => {
  await new ApiUser(page.request, rekey).signIn(people.owner.login)
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto(`${rekey.url}/account/users`)
  const users = new UsersPage(page)
  await expect(users.edits().first()).toBeVisible()
  await expectRing(page, 'a field', page.getByLabel('Search users'))
  await expectRing(page, 'a button', users.add())
  await expectRing(page, 'a checkbox', page.getByRole('row').nth(1).getByRole('checkbox'))
  await expectRing(page, 'a link', page.getByRole('link', { name: 'Operations', exact: true }))
  await page.getByRole('button', { name: /^Your menu/ }).click()
  await expectRing(page, 'an item of a menu', page.getByRole('menuitem').last())
  await page.goto(`${rekey.url}/account/me`)
  await expectRing(page, 'a tab', page.getByRole('tab', { name: 'Activity' }))
  await expectRing(page, 'a select', page.getByRole('combobox', { name: 'Language' }))
  await page.goto(`${rekey.url}/account/settings/security`)
  await expectRing(page, 'a radio button', page.getByRole('radio', { name: /^Off/ }))
  await page.goto(`${rekey.url}/account/settings/general`)
  const track = page.locator('.mantine-Switch-track').first()
  await expectRing(page, 'a switch', page.getByRole('switch').first(), track)
})
