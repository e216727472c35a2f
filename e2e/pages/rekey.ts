import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import {
  ageProofs,
  endDeletionWaits,
  expireLinks,
  freePort,
  Mailbox,
  SmsInbox,
  shareMailbox,
  type ThrowAwayDatabase,
  throwAwayDatabase,
} from '@rekey/server/testing'

/** The password of all users of the demo. */
export const demoPassword = 'Quiet-Harbour-72'

/** Users of the demo. */
export const people = {
  owner: { login: 'olivia@demo.example', name: 'Olivia Bennett' },
  admin: { login: 'adam@demo.example', name: 'Adam Nowak' },
  member: { login: 'maya@demo.example', name: 'Maya Lindqvist' },
} as const

/** The built product with its own data, run like by its start script. */
export class Rekey {
  private constructor(
    readonly url: string,
    /** The one-time link for the first owner, if the server printed one. */
    readonly setupLink: string | undefined,
    private readonly process: ChildProcess,
    private readonly environment: NodeJS.ProcessEnv & { readonly DATA_DIR: string },
    private readonly throwAway: ThrowAwayDatabase | null,
  ) {}

  /** Starts it and waits until it is ready. */
  static async start(args: string[], settings: NodeJS.ProcessEnv = {}): Promise<Rekey> {
    const dir = await mkdtemp(join(tmpdir(), 'rekey-e2e-'))
    const throwAway = await throwAwayDatabase()
    const port = await freePort()
    const environment = {
      ...process.env,
      PORT: String(port),
      DATA_DIR: dir,
      DATABASE_URL: throwAway?.url ?? '',
      SMTP_URL: '',
      LOG_LEVEL: 'warn',
      ...settings,
    }
    const child = spawn(process.execPath, [join(__dirname, '../../server/dist/main.js'), ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ready = args.includes('--demo') ? /Sandbox at/ : /#token=\S+/
    let printed = ''
    await new Promise<void>((resolve, reject) => {
      child.on('exit', code => reject(new Error(`The server ended with ${code}.`)))
      child.stdout.on('data', chunk => {
        printed += String(chunk)
        if (ready.test(printed)) resolve()
      })
    })
    const link = /http\S+#token=\S+/.exec(printed)?.[0]
    return new Rekey(`http://localhost:${port}`, link, child, environment, throwAway)
  }

  /** Ages all proofs of identity, so that sensitive actions ask users to confirm their identity again. */
  async letProofsAge(): Promise<void> {
    await ageProofs(this.environment)
  }

  /** Ends the wait of all users who asked to delete their accounts. */
  async letDeletionsComeDue(): Promise<void> {
    await endDeletionWaits(this.environment)
  }

  /** Makes all one-time links expire that still work. */
  async letLinksExpire(): Promise<void> {
    await expireLinks(this.environment)
  }

  /** Changes logins so that two users share a mailbox. Each change is the old and the new login. */
  async shareMailbox(...changes: readonly [before: string, after: string][]): Promise<void> {
    await shareMailbox(this.environment, changes)
  }

  /** Sends requests with these headers until the limit of their address is reached. */
  async useUpRequests(headers: Record<string, string>): Promise<void> {
    const send = async () => (await fetch(`${this.url}/graphql`, { headers })).status
    for (let statuses: number[] = []; !statuses.includes(429); ) {
      statuses = await Promise.all(Array.from({ length: 50 }, send))
    }
  }

  /** Stops it and removes its data. */
  async stop(): Promise<void> {
    this.process.removeAllListeners('exit')
    const ended = once(this.process, 'exit')
    this.process.kill('SIGTERM')
    await ended
    await this.throwAway?.drop()
    await rm(this.environment.DATA_DIR, { recursive: true, force: true })
  }
}

/** A real SMTP server with its address. */
type MailServer = Awaited<ReturnType<typeof Mailbox.start>>

/** Waits until someone has received that many mails with a one-time link. Returns the link of the last mail. */
export const linkMailedTo = async (
  { mailbox }: MailServer,
  login: string,
  count = 1,
): Promise<string> => {
  const mailsTo = () =>
    mailbox.mails.filter(
      // Notices, for example of a sign-in, have no link.
      mail => mail.text?.includes('#token=') && [mail.to].flat().some(to => to?.text === login),
    )
  await expect.poll(() => mailsTo().length).toBe(count)
  return /http\S+#token=[^\s)>]+/.exec(mailsTo().at(-1)?.text ?? '')?.[0] ?? ''
}

/** Sends the event that a page receives when a user returns to its tab. */
export const comeBackTo = async (page: Page): Promise<void> => {
  await page.evaluate(() =>
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true })),
  )
}

/** The mutation that edits a profile, for {@link callApi}. */
export const updateUser = `mutation ($input: UpdateUserInput!) {
  updateUser(input: $input) { errors { ... on UserError { message } } }
}`

/** Calls the API as the user who is signed in on the page. */
export const callApi = async (
  page: Page,
  rekey: Rekey,
  query: string,
  variables: Record<string, unknown>,
  // biome-ignore lint/suspicious/noExplicitAny: answers have any shape.
): Promise<any> => {
  const answer = await page.request.post(`${rekey.url}/graphql`, { data: { query, variables } })
  const { data, errors } = await answer.json()
  expect(errors).toBeUndefined()
  return data
}

/** Starts a Rekey for each test. An error on the console fails the test. */
export const test = base.extend<{
  mailbox: MailServer
  sms: Awaited<ReturnType<typeof SmsInbox.start>>
  /** More environment variables of the server. */
  settings: NodeJS.ProcessEnv
  /** How the server starts; defaults to the demo without a history. */
  start: string[]
  rekey: Rekey
  emptyRekey: Rekey
}>({
  settings: [{}, { option: true }],
  start: [['--demo', '--without-history'], { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads fixtures off this pattern.
  sms: async ({}, use) => {
    const started = await SmsInbox.start()
    await use(started)
    await started.inbox.stop()
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads fixtures off this pattern.
  mailbox: async ({}, use) => {
    const started = await Mailbox.start()
    await use(started)
    await started.mailbox.stop()
  },
  rekey: async ({ page, mailbox, sms, settings, start }, use) => {
    const rekey = await Rekey.start(start, {
      SMTP_URL: mailbox.url,
      SMS_GATEWAY_URL: `http://127.0.0.1:${sms.port}/send`,
      ...settings,
    })
    await use(rekey)
    // Otherwise requests of the page in the background would reach a server that is stopping.
    await page.close()
    await rekey.stop()
  },
  emptyRekey: async ({ page }, use) => {
    const rekey = await Rekey.start([])
    await use(rekey)
    await page.close()
    await rekey.stop()
  },
  page: async ({ page }, use) => {
    const problems: string[] = []
    page.on('console', message => {
      // The browser logs an error for each request without a network or an answer. Tests cause these
      // on purpose.
      const lost = /ERR_(INTERNET_DISCONNECTED|EMPTY_RESPONSE)/.test(message.text())
      if (message.type() === 'error' && !lost) problems.push(message.text())
    })
    page.on('pageerror', error => problems.push(error.message))
    await use(page)
    expect(problems).toEqual([])
  },
})

export { expect }

/** The axe rules for a colour scheme. The dark scheme differs only in colours, so one rule is enough. */
export const rulesOf = (colorScheme: 'light' | 'dark'): string[] | undefined =>
  colorScheme === 'dark' ? ['color-contrast'] : undefined

/**
 * The violations that axe finds on the page.
 *
 * @param rules the rules of axe to check; defaults to all.
 */
export const violationsOf = async (page: Page, rules?: string[]): Promise<[string, string[]][]> => {
  // New elements may still be fading in.
  await page.waitForTimeout(100)
  // The dark colours of Monaco, the editor of the explorer, have slightly too little contrast. It
  // offers a theme with high contrast (F1). The mode without a second page takes half the time. It
  // leaves out frames of other origins, which Rekey does not have.
  const axe = new AxeBuilder({ page })
    .exclude('.monaco-editor')
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
  const { violations } = await (rules === undefined ? axe : axe.withRules(rules)).analyze()
  return violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])
}

/**
 * Expects that axe finds no violations on the page. Does nothing on PostgreSQL, because screens do
 * not depend on the database.
 *
 * @param rules the rules of axe to check; defaults to all.
 */
export const expectAccessible = async (page: Page, rules?: string[]): Promise<void> => {
  if (process.env.TEST_POSTGRES_URL) return
  expect(await violationsOf(page, rules)).toEqual([])
}

/** How many pixels the page is wider than its window. */
export const excessOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

/** Expects that the page is not wider than its window. */
export const expectFits = async (page: Page): Promise<void> => {
  expect(await excessOf(page)).toBeLessThanOrEqual(0)
}

/** Checks the page with axe, light and dark, and expects that it fits. */
export const checkSchemes = async (page: Page): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectAccessible(page, rulesOf(colorScheme))
    await expectFits(page)
  }
}

/** The controls that are cut off if text is twice as large (WCAG 2.2, 1.4.4 and 1.4.10). */
export const cutByLargeText = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const root = document.documentElement
    root.style.fontSize = '200%'
    // A menu finds its new place in the next frame.
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame)
    const controls = [...document.querySelectorAll('a, button, input')].filter(
      control =>
        control.checkVisibility({ visibilityProperty: true }) &&
        // Content that scrolls on its own, fields that exist only for password managers, and buttons
        // that show a loader in place of their text.
        control.closest('[role=tablist], table, [aria-hidden=true], [data-loading]') === null,
    )
    const cut = controls.filter(
      control =>
        control.getBoundingClientRect().right > innerWidth + 1 ||
        (control.matches('button') && control.scrollWidth > control.clientWidth + 1),
    )
    const found = cut.map(control => control.outerHTML)
    if (root.scrollWidth > innerWidth) found.push('the page')
    root.style.fontSize = ''
    return found
  })

/**
 * Checks the page with axe and with large text, wide and narrow. Saves screenshots, light and dark, if
 * `SHOTS_DIR` is set. axe is slow, so it checks each width in one scheme: the gallery checks all four.
 */
export const look = async (page: Page, name: string): Promise<void> => {
  if (process.env.TEST_POSTGRES_URL) return
  const dir = process.env.SHOTS_DIR
  for (const [width, height, checked] of [
    [1280, 800, 'light'],
    [390, 844, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      if (colorScheme === checked) await expectAccessible(page)
      if (dir !== undefined) {
        await page.screenshot({ path: join(dir, `${name}-${width}-${colorScheme}.png`) })
      }
    }
    await expectFits(page)
    expect(await cutByLargeText(page)).toEqual([])
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ colorScheme: 'light' })
}

/** Whether the memory of the page contains the text after a garbage collection. */
export const holdsInMemory = async (page: Page, text: string): Promise<boolean> => {
  const devTools = await page.context().newCDPSession(page)
  let snapshot = ''
  devTools.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
    snapshot += chunk
  })
  await devTools.send('HeapProfiler.enable')
  await devTools.send('HeapProfiler.collectGarbage')
  await devTools.send('HeapProfiler.takeHeapSnapshot')
  await devTools.detach()
  return snapshot.includes(text)
}

/** Fills the sign-in form and sends it, also that of a dialog over a page with a login. */
export const signIn = async (page: Page, login: string, password: string): Promise<void> => {
  // The page under the dialog can have a login that cannot be edited.
  await page.getByLabel('Login').and(page.locator(':not([readonly])')).fill(login)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Signs the user out through the menu. */
export const signOut = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^Your menu/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
}

/** The button next to the password. */
export const pencil = (page: Page) =>
  page.getByRole('main').getByRole('button', { name: 'Change password' })

/** The dialog that changes a password. */
export class ChangePasswordDialog {
  constructor(private readonly page: Page) {}

  readonly root = () => this.page.getByRole('dialog', { name: /Change password/ })
  readonly current = () => this.root().getByLabel('Your current password', { exact: true })
  readonly next = () => this.root().getByLabel('New password', { exact: true })
  readonly repeat = () => this.root().getByLabel('Repeat new password', { exact: true })
  readonly submit = () => this.root().getByRole('button', { name: 'Change password' })
  readonly rule = (rule: string) => this.root().locator(`[data-rule~=${rule}]`)

  readonly done = () => this.root().getByRole('button', { name: 'Done' })

  /** Opens it with the button next to the password. */
  async open(): Promise<void> {
    await pencil(this.page).click()
    await expect(this.current()).toBeFocused()
  }

  /** Fills all three fields. */
  async fill(current: string, next: string, repeat = next): Promise<void> {
    await this.current().fill(current)
    await this.next().fill(next)
    await this.repeat().fill(repeat)
  }
}

/** The page of a user who must choose a new password. */
export class RequiredChangePage {
  constructor(private readonly page: Page) {}

  readonly heading = () => this.page.getByRole('heading', { name: 'Choose your own password' })
  readonly next = () => this.page.getByLabel('New password', { exact: true })

  /** Chooses a password. */
  async choose(password: string): Promise<void> {
    await this.next().fill(password)
    await this.page.getByLabel('Repeat new password', { exact: true }).fill(password)
    await this.page.getByRole('button', { name: 'Change password' }).click()
  }
}
