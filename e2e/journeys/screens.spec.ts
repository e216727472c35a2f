import type { Page } from '@playwright/test'
import { ApiUser } from '../pages/api-user'
import { galleryDir, schemes, takePicture, widthsOf, writeGallery } from '../pages/gallery'
import {
  cutByLargeText,
  excessOf,
  expect,
  people,
  rulesOf,
  test,
  violationsOf,
} from '../pages/rekey'
import { addressesOfRoutes } from '../pages/routes'
import { type Demo, type Group, groups, type Screen } from '../pages/screens'

const heights = { 1280: 800, 768: 1024, 390: 844, 320: 640 } as const

const resize = (page: Page, width: number) =>
  page.setViewportSize({ width, height: heights[width as keyof typeof heights] ?? 800 })

/** Opens the screen as a user of a keyboard does. */
const openScreen = async (demo: Demo, screen: Screen): Promise<void> => {
  const { page, rekey, values } = demo
  await screen.before?.(demo)
  const path = screen.path.replaceAll(/:(\w+)/g, (_, name) => values[name] ?? '')
  // Otherwise an address that differs only in its hash would not load the page again.
  await page.goto('about:blank')
  await page.goto(rekey.url + path)
  if (screen.opener !== undefined) await screen.opener(page).press('Enter')
  if (screen.item !== undefined) {
    await page.getByRole('menuitem', { name: screen.item }).press('Enter')
  }
  await screen.complete?.(demo)
  await expect(screen.shown(page)).toBeVisible()
  // Parts of a page that load later.
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
}

/**
 * The animations that run although the user asked for reduced motion (WCAG 2.2, 2.3.3). A loader may
 * turn, because it says that something is in progress.
 */
const movingParts = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ playState, effect }) => {
        const { duration } = effect?.getComputedTiming() ?? {}
        const moves = playState === 'running' && typeof duration === 'number' && duration > 10
        const target = effect instanceof KeyframeEffect ? effect.target : null
        return moves && target?.matches('.mantine-Loader-root') !== true
      })
      .map(
        ({ effect }) => (effect instanceof KeyframeEffect ? effect.target?.outerHTML : '') ?? '',
      ),
  )

/** Expects that the screen is accessible and fits at each width and in each scheme. */
const checkLook = async (page: Page, group: Group, screen: Screen): Promise<void> => {
  const { name } = screen
  for (const width of widthsOf(screen)) {
    await resize(page, width)
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme })
      // A tablet has the layout of one of the other widths.
      const violations = width === 768 ? [] : await violationsOf(page, rulesOf(colorScheme))
      expect.soft(violations, `${name}: ${width} px, ${colorScheme}`).toEqual([])
      await takePicture(page, group, screen, width, colorScheme)
    }
    await page.emulateMedia({ colorScheme: 'light' })
    expect.soft(await excessOf(page), `${name}: wider than ${width} px`).toBeLessThanOrEqual(0)
    if (width !== 768) {
      expect.soft(await cutByLargeText(page), `${name}: cut off, ${width} px`).toEqual([])
    }
  }
  if (screen.width !== undefined) return
  // The smallest window, and a laptop with 400 % zoom (WCAG 2.2, 1.4.10).
  await resize(page, 320)
  expect.soft(await excessOf(page), `${name}: wider than 320 px`).toBeLessThanOrEqual(0)
  await resize(page, 1280)
}

/** Where the focus is: in a dialog or menu in front, in the page below, or nowhere. */
const placeOfFocus = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const focused = document.activeElement
    if (focused === null || focused === document.body) return 'nowhere'
    return focused.closest('[role=dialog], [role=menu]') === null
      ? `outside: ${focused.outerHTML.slice(0, 200)}`
      : 'inside'
  })

/** Expects that Tab stays in the dialog, that Escape closes it, and that the focus then returns. */
const checkKeyboard = async (page: Page, screen: Screen): Promise<void> => {
  const returnsTo = screen.returnsTo ?? screen.opener
  const dialog = page.getByRole('dialog').last()
  const isDialog = (await page.getByRole('dialog').count()) > 0
  if (isDialog) {
    const controls = await dialog.locator('a, button, input, textarea').count()
    const places = new Set<string>()
    for (const key of ['Tab', 'Shift+Tab']) {
      for (let pressed = 0; pressed <= Math.min(controls, 12); pressed += 1) {
        await page.keyboard.press(key)
        places.add(await placeOfFocus(page))
      }
    }
    expect.soft([...places], `${screen.name}: the focus with Tab`).toEqual(['inside'])
  }
  if (returnsTo === undefined) return
  await page.keyboard.press('Escape')
  if (screen.staysOpen === true) {
    await expect(dialog).toBeVisible()
    return
  }
  await expect(screen.shown(page)).toBeHidden()
  await expect.soft(returnsTo(page), `${screen.name}: the focus returns`).toBeFocused()
}

test('each address of the product is in the gallery', async () => {
  const shown = groups
    .flatMap(({ screens }) => screens)
    .map(({ path }) => path.replace(/[?#].*/, ''))
  const isShown = (address: string) => {
    const pattern = new RegExp(`^${address.replace('*', '/nowhere').replaceAll(/:\w+/g, '[^/]+')}$`)
    return shown.some(path => pattern.test(path))
  }
  const addresses = addressesOfRoutes()
  expect(addresses).toContain('/account/users/:id/change-password')
  expect(addresses.filter(address => !isShown(address))).toEqual([])
  await writeGallery(groups)
})

for (const group of groups) {
  test.describe(group.name, () => {
    test.use({
      start: group.isNew === true ? [] : ['--demo'],
      settings: group.isNew === true ? { SMTP_URL: '', SMS_GATEWAY_URL: '' } : {},
      actionTimeout: 30_000,
    })

    test('its screens are accessible, fit and can be used with a keyboard', async ({
      page,
      playwright,
      rekey,
      mailbox,
    }) => {
      test.skip(galleryDir === undefined, 'npm run gallery runs it.')
      test.setTimeout(1_800_000)
      const userOf = async (login: string) =>
        ApiUser.of(await playwright.request.newContext(), rekey, login)
      const api =
        group.isNew === true ? new ApiUser(page.request, rekey) : await userOf(people.owner.login)
      const demo: Demo = { page, rekey, mailbox, api, userOf, values: {} }
      let provedAt = 0
      /** Signs in again before the proof of identity is ten minutes old, because dialogs would ask for it. */
      const keepProof = async () => {
        if (group.login === undefined || Date.now() - provedAt < 5 * 60_000) return
        await new ApiUser(page.request, rekey).signIn(group.login)
        provedAt = Date.now()
      }
      await keepProof()
      await group.prepare?.(demo)
      // A form with changes asks before its page is left.
      page.on('dialog', question => question.accept())
      for (const screen of group.screens) {
        await test.step(screen.name, async () => {
          await keepProof()
          await resize(page, screen.width ?? 1280)
          await openScreen(demo, screen)
          expect.soft(await movingParts(page), `${screen.name}: moves`).toEqual([])
          await checkLook(page, group, screen)
          await checkKeyboard(page, screen)
        })
      }
    })
  })
}
