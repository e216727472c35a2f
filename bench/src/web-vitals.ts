import { existsSync, readFileSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { type Figure, medianOf } from './figures.js'
import { ownerLogin, password, type Rekey } from './rekey.js'

const rounds = 5

/** A small phone with a slow processor. */
const viewport = { width: 390, height: 844 }
const processorSlowdown = 4

/** A slow 4G connection, as in Lighthouse. */
const slow4g = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
}

/** The time between two keys of a fast typist, in milliseconds. */
const typingMs = 100

/** The new password that is typed. Nothing sends it. */
const newPassword = 'Gentle-Meadow-48!'

// Google's limits for good pages, but a stricter one for CLS, of which 0.1 is good.
const limits = { LCP: 2_500, INP: 200, CLS: 0.05 }

type MetricName = keyof typeof limits

/** The metrics of one page so far. */
type Vitals = Partial<Record<MetricName, number>>

interface Metric {
  readonly name: MetricName
  readonly value: number
  /** `soft-navigation` if the app showed another page without loading one. */
  readonly navigationType: string
}

type Report = (callback: (metric: Metric) => void, options: object) => void

interface MeasuredWindow {
  readonly webVitals: Readonly<Record<'onLCP' | 'onINP' | 'onCLS', Report>>
  vitals: { loaded: Vitals; next: Vitals }
}

const library = readFileSync(require.resolve('web-vitals').replace(/umd\.cjs$/, 'iife.js'), 'utf8')

/** Runs in the page: collects the metrics of the loaded page, and of a page that the app shows next. */
const collect = (): void => {
  const measured = globalThis as unknown as MeasuredWindow
  const vitals: MeasuredWindow['vitals'] = { loaded: {}, next: {} }
  measured.vitals = vitals
  const { onLCP, onINP, onCLS } = measured.webVitals
  for (const report of [onLCP, onINP, onCLS]) {
    report(
      ({ name, value, navigationType }) => {
        const page = navigationType === 'soft-navigation' ? vitals.next : vitals.loaded
        page[name] = value
      },
      { reportAllChanges: true, reportSoftNavs: true, durationThreshold: 16 },
    )
  }
}

/** Loads a page and collects its metrics. The browser also reports what happened before. */
const load = async (page: Page, address: string): Promise<void> => {
  await page.goto(address)
  await page.evaluate(library)
  await page.evaluate(collect)
}

/** The metrics after everything is loaded and shown. */
const settledVitals = async (page: Page): Promise<MeasuredWindow['vitals']> => {
  await page.waitForLoadState('networkidle')
  // The browser reports metrics when it is idle.
  await page.waitForTimeout(1_000)
  return await page.evaluate(() => (globalThis as unknown as MeasuredWindow).vitals)
}

/** Opens a tab with a slow processor and network. The tabs of a context share cookies and cache. */
const openTab = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage()
  const devTools = await context.newCDPSession(page)
  await devTools.send('Network.enable')
  await devTools.send('Network.emulateNetworkConditions', slow4g)
  await devTools.send('Emulation.setCPUThrottlingRate', { rate: processorSlowdown })
  return page
}

const waitForUsers = (page: Page): Promise<void> =>
  page.getByText('@seed.example').first().waitFor()

/** The pages of one visit, each with its metrics. */
interface Visit {
  readonly signIn: Vitals
  readonly usersAfterSignIn: Vitals
  readonly usersAgain: Vitals
  readonly dialog: Vitals
}

/** Visits pages with a new browser: signs in, opens Users twice, and types a new password. */
const visitPages = async (browser: Browser, url: string): Promise<Visit> => {
  const context = await browser.newContext({ viewport })
  try {
    const first = await openTab(context)
    await load(first, `${url}/sign-in?next=/account/users`)
    const { loaded: signIn } = await settledVitals(first)
    await first.getByLabel('Login').pressSequentially(ownerLogin, { delay: typingMs })
    const passwordField = first.getByLabel('Password', { exact: true })
    await passwordField.pressSequentially(password, { delay: typingMs })
    await passwordField.press('Enter')
    await waitForUsers(first)
    const { next: usersAfterSignIn } = await settledVitals(first)
    await first.close()

    const second = await openTab(context)
    await load(second, `${url}/account/users`)
    await waitForUsers(second)
    const { loaded: usersAgain } = await settledVitals(second)
    await second.close()

    const third = await openTab(context)
    await load(third, `${url}/account/me/security/change-password`)
    const field = third.getByLabel('New password', { exact: true })
    await field.waitFor()
    await settledVitals(third)
    await field.pressSequentially(newPassword, { delay: typingMs })
    const { loaded: dialog } = await settledVitals(third)
    return { signIn, usersAfterSignIn, usersAgain, dialog }
  } finally {
    await context.close()
  }
}

/** Starts the browser of the journeys. Returns null if there is no browser. */
const startChromium = async (): Promise<Browser | null> => {
  const debian = '/usr/bin/chromium'
  const executablePath =
    process.env.CHROMIUM_PATH ?? (existsSync(debian) ? debian : chromium.executablePath())
  if (!existsSync(executablePath)) return null
  const args = [
    '--disable-gpu',
    // Otherwise DevTools parses a whole script again to find the line that sends a request. That
    // takes half a second here, and no time in a browser without DevTools.
    '--js-flags=--no-enable-lazy-source-positions',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ]
  return await chromium.launch({ executablePath, args })
}

/** Measures how fast a user with a slow phone and a slow connection sees pages and what they type. */
export const measureWebVitals = async (
  rekey: Rekey,
  say: (line: string) => void,
): Promise<Figure[]> => {
  const browser = await startChromium()
  if (browser === null) {
    say('Chromium was not found, so the web vitals are not measured.')
    return []
  }
  const visits: Visit[] = []
  try {
    for (let round = 0; round < rounds; round += 1) {
      visits.push(await visitPages(browser, rekey.url))
    }
  } finally {
    await browser.close()
  }
  const figure = (name: string, page: keyof Visit, metric: MetricName): Figure => {
    const value = medianOf(visits.map(visit => visit[page][metric] ?? Number.NaN))
    const limit = limits[metric]
    return {
      name: `${name}, ${metric}`,
      value,
      unit: metric === 'CLS' ? '' : 'ms',
      ratio: value / limit,
      of: metric === 'CLS' ? `${limit}` : `${limit} ms`,
      aim: 'below 1',
    }
  }
  return [
    figure('sign-in page, first visit', 'signIn', 'LCP'),
    figure('sign-in page, first visit', 'signIn', 'CLS'),
    figure('Users after the sign-in', 'usersAfterSignIn', 'LCP'),
    figure('Users after the sign-in', 'usersAfterSignIn', 'CLS'),
    figure('Users, second visit', 'usersAgain', 'LCP'),
    figure('Users, second visit', 'usersAgain', 'CLS'),
    figure('typing a new password', 'dialog', 'INP'),
    figure('typing a new password', 'dialog', 'CLS'),
  ]
}
