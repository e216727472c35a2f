import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type APIRequestContext,
  expect,
  type Locator,
  type Page,
  type Route,
  test,
} from '@playwright/test'
import type { Mailbox } from '@rekey/server/testing'
import type { Messages } from '../../client/src/messages/compiled/types'
import {
  createLocale,
  type Locale,
  type MessageId,
  type MessageValues,
} from '../../client/src/messages/locale'
import type { messages as serverMessages } from '../../server/src/messages/compiled/server.en'
import { ApiUser } from './api-user'
import { demoPassword, people, type Rekey } from './rekey'

/**
 * The language of the visits: the pseudo-locale, where each message stands in brackets, has accents,
 * and is 40 % longer. `SCREENS_LANGUAGE` chooses another one, for people who want to look at its
 * screens (docs/translating.md).
 */
export const pseudoLocale = process.env.SCREENS_LANGUAGE ?? 'en-XA'

const isPseudo = pseudoLocale === 'en-XA'

const compiled = (path: string): Messages =>
  require(join(__dirname, '../..', `${path}.ts`)).messages

/** The texts of the client in a language. */
export const clientLocale = (tag: string): Locale => {
  const locale = createLocale(tag)
  for (const name of ['signIn', 'console']) {
    locale.add(compiled(`client/src/messages/compiled/${name}.${tag}`))
  }
  return locale
}

const visited = clientLocale(pseudoLocale)

/** A message of the client in the language of the visits. */
export const { t } = visited

/** A text of the server. */
export type ServerMessageId = keyof typeof serverMessages & string

/** The texts of the server in a language, for an account that has no name of its own. */
export const serverTexts = (tag: string) => {
  const locale = createLocale(tag)
  locale.add(compiled(`server/src/messages/compiled/server.${tag}`))
  const { t } = locale as { t: (id: string, values: Record<string, string | number>) => string }
  return (id: ServerMessageId, values: Record<string, string | number> = {}): string =>
    t(id, { account: 'Rekey', ...values })
}

/** A message of the server in the language of the visits. */
export const serverText = serverTexts(pseudoLocale)

// Data outside brackets that no element marks. Data in <bdi>, <code>, <pre> and <textarea>, and text with its own lang, needs no entry here.
const knownData: readonly (string | RegExp)[] = [
  // The name of the product, in the header and in the title of the page.
  'Rekey',
  // An API token, or its beginning.
  /rk_live_\w+…?/g,
  // The name that the journeys give to what they create.
  'Payroll',
  // The form of a recovery code, as a placeholder.
  /XXXX-[X-]+…/g,
  // The user agent of a browser or program, as the title of its name.
  /(Mozilla|Playwright)\/\d.*/g,
  // The file of an import, and its encoding.
  /people\.(csv|xlsx)|UTF-\d+( [LB]E)?/g,
  // The type of an event, and a header and the body of its request.
  /\b(user|invitation|password|session|sign_in|second_factor|recovery_codes|api_token|webhook)\.[a-z_]+/g,
  /\bwebhook-[a-z]+/g,
  /^\{ ".*/g,
  // The columns of a file, in the fields that choose them, and its cells.
  /\bLogin, First name\b/g,
  /^(Mail|Given name|Surname|Phone|Role|Language|Notes|Oh no|Vorname|E-Mail-Adresse)$/g,
  // The tag of a language, as a file or the API has it.
  /\ben-XA\b/g,
  // A colour.
  /#[0-9a-f]{6}\b/g,
  // A login, in fields and titles.
  /[^\s,()]+@[^\s,()]+/g,
]

/** Returns the texts outside brackets that are no data, and unbalanced brackets. */
const bareTexts = (blocks: readonly string[], data: readonly (string | RegExp)[]): string[] =>
  blocks.flatMap(block => {
    let depth = 0
    let outside = ''
    for (const character of block) {
      if (character === '[') depth += 1
      if (depth === 0) outside += character
      // A bracket that closes nothing stays in the text.
      if (character === ']' && depth > 0) {
        depth -= 1
        outside += ' '
      }
    }
    for (const item of data) outside = outside.replaceAll(item, ' ')
    return depth > 0 || /[\p{L}\]]/u.test(outside) ? [`not in a catalogue: ${block}`] : []
  })

/** The part of a message in front of a value, or after it where the value comes first. */
const startOf = (message: string, value: string): string => {
  const [before = '', after = ''] = message.split(value)
  return (before.length > 1 ? before : after).replaceAll(/[\u2068\u2069]/g, '').trim()
}

/**
 * Whether a name must match as a whole. The brackets of the pseudo-locale mark the whole name; without
 * them, one name could be part of another.
 */
export const exact = !isPseudo

/** How to find an element by its name. */
export const named = (name: string): { readonly name: string; readonly exact: boolean } => ({
  name,
  exact,
})

const literalsOf = (message: Messages[string]): string[] =>
  message.flatMap(element => {
    if ('options' in element) {
      return Object.values(element.options).flatMap(({ value }) => literalsOf(value))
    }
    if ('children' in element) return literalsOf(element.children)
    return element.type === 0 ? [element.value.trim()] : []
  })

const literalsIn = (tag: string): Set<string> =>
  new Set(
    ['signIn', 'console']
      .flatMap(name => Object.values(compiled(`client/src/messages/compiled/${name}.${tag}`)))
      .flatMap(literalsOf),
  )

/** Whether a text contains a phrase, and not only as the beginning of a longer word. */
const hasWords = (text: string, phrase: string): boolean => {
  const [, after] = text.split(phrase, 2)
  return after !== undefined && !/^\p{L}/u.test(after)
}

/**
 * Returns the texts of a page that are in English, although the language of the page is another one.
 *
 * @param data texts that may look English.
 */
export const englishTexts = (
  texts: readonly string[],
  tag: string,
  data: readonly (string | RegExp)[] = [],
): string[] => {
  const own = literalsIn(tag)
  const english = [...literalsIn('en')].filter(text => /\p{L}{2}/u.test(text) && !own.has(text))
  const words = new Set(english)
  // A single word may be part of a name, so only longer texts count within others.
  const phrases = english.filter(text => /\p{L}{2}.* .*\p{L}{2}/u.test(text))
  return texts.filter(text => {
    const rest = data.reduce<string>((left, item) => left.replaceAll(item, ''), text)
    return words.has(rest.trim()) || phrases.some(phrase => hasWords(rest, phrase))
  })
}

/** The texts and the layout of a page, as they are found in the browser. */
export const readPage = ({ isPseudo, lineStart }: { isPseudo: boolean; lineStart: string }) => {
  const name = (element: Element) => {
    const classes = [...element.classList].filter(one => !one.startsWith('m_')).join('.')
    return `<${element.localName}${classes === '' ? '' : ` ${classes}`}>`
  }
  const isVisible = (element: Element) => element.checkVisibility({ visibilityProperty: true })
  // Outside the screen, the chart measures its words one by one.
  const isData = (element: Element) =>
    element.closest('bdi, code, pre, textarea, body [lang], #recharts_measurement_span') !== null
  const textOf = (element: Element) => (element.textContent ?? '').replace(/\s+/g, ' ').trim()

  // The texts of each block. ICU tags divide a message into several inline elements, so the
  // brackets are counted in the block. Hidden words within a message are positioned, and no
  // block of their own.
  const blocks = new Map<Element, string>()
  const blockOf = (element: Element): Element => {
    const { display, position } = getComputedStyle(element)
    const isPart = display.startsWith('inline') || position === 'absolute'
    const parent = element.parentElement
    return isPart && display !== 'inline-flex' && parent !== null ? blockOf(parent) : element
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement
    if (parent === null || parent.matches('script, style') || !isVisible(parent)) continue
    if (isData(parent)) continue
    const block = blockOf(parent)
    blocks.set(block, (blocks.get(block) ?? '') + (node.textContent ?? ''))
  }
  const texts = [...blocks.values(), document.title]
  const attributes = [
    'aria-label',
    'aria-description',
    'aria-valuetext',
    'title',
    'placeholder',
    'alt',
  ]
  const elements = [...document.querySelectorAll('body *')].filter(isVisible)
  for (const element of elements) {
    for (const attribute of attributes) {
      const text = element.getAttribute(attribute)
      if (text !== null) texts.push(text)
    }
    // The field of a select shows the text of the chosen option.
    if (element instanceof HTMLInputElement && element.matches('[aria-haspopup=listbox]')) {
      if (element.value !== '' && !isData(element)) texts.push(element.value)
    }
  }

  // The width of a placeholder can only be measured.
  const pen = document.createElement('canvas').getContext('2d')
  if (pen === null) throw new Error('There is no canvas.')
  const cut: string[] = []
  for (const element of elements) {
    const { overflowX, overflowY, position } = getComputedStyle(element)
    const { width, height, left, right } = element.getBoundingClientRect()
    // Words for screen readers are clipped to a pixel. A button that waits hides its label.
    if (width < 2 || height < 2 || element.closest('[data-loading]') !== null) continue
    const wider = element.scrollWidth - element.clientWidth
    const higher = element.scrollHeight - element.clientHeight
    const report = (fault: string) =>
      cut.push(`${fault}: ${name(element)} ${textOf(element).slice(0, 200)}`)
    if (element instanceof HTMLInputElement) {
      const isSelect = element.matches('[aria-haspopup=listbox]')
      const text = element.value === '' ? element.placeholder : isSelect ? element.value : ''
      const { font, paddingLeft, paddingRight } = getComputedStyle(element)
      pen.font = font
      const room =
        element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight)
      const missing = Math.round(pen.measureText(text).width - room)
      // The start of a file’s line: the list shows all of it.
      const isLine = text.startsWith(lineStart)
      if (missing > 1 && !isLine) cut.push(`cut off by ${missing} px: ${name(element)} ${text}`)
      continue
    }
    // Data may be truncated, for example a long login. It has no brackets.
    const hasMessage = isPseudo
      ? textOf(element).includes('[')
      : /\p{L}/u.test(textOf(element)) &&
        !isData(element) &&
        element.querySelector('bdi, code, pre, textarea') === null
    if (!hasMessage) continue
    const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip'
    if (hides(overflowX) && wider > 1) report(`cut off by ${wider} px`)
    if (hides(overflowY) && higher > 1) report(`cut off by ${higher} px in height`)
    const scrolls = overflowX === 'auto' || overflowX === 'scroll'
    // Only a table, a list of tabs and code may scroll to the side.
    const maySideways =
      element.matches('[role=tablist], pre') ||
      element.querySelector(':scope > table, :scope > * > table') !== null
    if (scrolls && wider > 1 && !maySideways) report(`wider than its area by ${wider} px`)
    const inside = element.closest('[role=tablist], table, .skip-link') !== null
    if (!inside && position !== 'fixed' && (left < -1 || right > innerWidth + 1))
      report('wider than the page')
  }
  const beyond = document.documentElement.scrollWidth - innerWidth
  if (beyond > 0) cut.push(`the page is wider than the screen by ${beyond} px`)
  return { texts: texts.map(text => text.replace(/\s+/g, ' ').trim()), cut }
}

/** Returns what is wrong with the texts of a page at its present size. */
export const faultsOf = async (
  page: Page,
  data: readonly (string | RegExp)[] = [],
): Promise<string[]> => {
  const lineStart = startOf(t('invitations.reading.line', { line: 1, text: '' }), '1')
  const { texts, cut } = await page.evaluate(readPage, { isPseudo, lineStart })
  const known = [...knownData, ...data]
  const foreign = isPseudo
    ? bareTexts(texts, known)
    : englishTexts(texts, pseudoLocale, known).map(text => `in English: ${text}`)
  return [...foreign, ...cut]
}

/** The folder for the pictures of the present journey, if `SHOTS_DIR` is set. */
const folderOfPictures = (): string | null => {
  const [journey = ''] = test.info().title.split(',')
  const root = process.env.SHOTS_DIR
  return root === undefined ? null : join(root, journey.replaceAll(' ', '-'))
}

/** Saves a mail as it looks, and its text, if `SHOTS_DIR` is set. */
export const keepMail = ({ subject = '', text = '', html }: Mail): void => {
  const folder = folderOfPictures()
  if (folder === null) return
  const name = join(folder, 'mails', subject.replaceAll(/[^\p{L}\d]+/gu, '-'))
  mkdirSync(join(folder, 'mails'), { recursive: true })
  writeFileSync(`${name}.html`, String(html))
  writeFileSync(`${name}.txt`, `${subject}\n\n${text}`)
}

/** Finds what a page shows by the keys of its messages, in any language. */
export class MessagePage {
  constructor(
    protected readonly page: Page,
    readonly locale: Locale,
    /** Whether names must match as a whole. */
    private readonly exact: boolean,
  ) {}

  readonly button = <Id extends MessageId>(id: Id, ...values: MessageValues<Id>): Locator =>
    this.withRole('button', this.locale.t(id, ...values)).filter({ visible: true })
  readonly link = <Id extends MessageId>(id: Id, ...values: MessageValues<Id>): Locator =>
    this.withRole('link', this.locale.t(id, ...values)).filter({ visible: true })
  readonly field = <Id extends MessageId>(id: Id, ...values: MessageValues<Id>): Locator =>
    this.page.getByLabel(this.locale.t(id, ...values), { exact: true }).filter({ visible: true })
  readonly heading = <Id extends MessageId>(id: Id, ...values: MessageValues<Id>): Locator =>
    this.withRole('heading', this.locale.t(id, ...values))
  readonly tab = (id: MessageId): Locator => this.withRole('tab', this.locale.t(id as never))
  readonly text = <Id extends MessageId>(id: Id, ...values: MessageValues<Id>): Locator =>
    this.page
      .getByText(this.locale.t(id, ...values))
      .filter({ visible: true })
      .first()

  /** Signs in with the form. */
  readonly signIn = async (login: string, password: string = demoPassword): Promise<void> => {
    await this.field('forms.login.label').fill(login)
    await this.field('sessions.signIn.password').fill(password)
    await this.field('sessions.signIn.password').press('Enter')
  }

  private withRole(role: 'button' | 'link' | 'heading' | 'tab', name: string): Locator {
    return this.page.getByRole(role, { name, exact: this.exact })
  }
}

/** Walks through the product in the pseudo-locale, and checks the texts of each screen. */
export class PseudoPage extends MessagePage {
  constructor(
    page: Page,
    /** Names and other data that may stand outside brackets. */
    private readonly data: (string | RegExp)[] = [],
  ) {
    super(page, visited, exact)
  }

  readonly dialog = (): Locator => this.page.getByRole('dialog').last()
  /** A button of the dialog in front. */
  readonly confirm = <Id extends MessageId>(id: Id, ...values: MessageValues<Id>): Locator =>
    this.dialog().getByRole('button', named(t(id, ...values)))
  readonly item = (id: MessageId): Locator => this.page.getByRole('menuitem', named(t(id as never)))

  /** The sentence that counts down the seconds until the next attempt. */
  readonly waitNotice = (): Locator =>
    this.page.getByText(startOf(t('forms.refusal.wait', { time: '0:05' }), '0:05'))
  /** The button of a form while it counts down the seconds until the next attempt. */
  readonly waitButton = (): Locator =>
    this.page.getByRole('button', {
      name: startOf(t('forms.button.wait', { clock: '0:05' }), '0:05'),
    })

  /** Adds data that may stand outside brackets. */
  know(...data: (string | RegExp)[]): void {
    this.data.push(...data)
  }

  /** Opens the select, and chooses an option by its text. */
  async choose(field: MessageId, option: string): Promise<void> {
    await this.page
      .getByRole('combobox', named(t(field as never)))
      .filter({ visible: true })
      .click()
    await this.page.getByRole('option', { name: option }).first().click()
  }

  /** Closes all notifications, which may cover a button. */
  async closeNotifications(): Promise<void> {
    const notifications = this.page.locator('.mantine-Notification-root')
    while ((await notifications.count()) > 0) {
      await notifications.first().getByRole('button').press('Enter')
      await this.page.waitForTimeout(50)
    }
  }

  /** Expects that all texts are in catalogues and fit, at the current width. */
  async checkHere(screen: string): Promise<void> {
    // A transition may still be running.
    let faults = await faultsOf(this.page, this.data)
    for (let again = 0; faults.length > 0 && again < 3; again += 1) {
      await this.page.waitForTimeout(200)
      faults = await faultsOf(this.page, this.data)
    }
    expect.soft(faults, screen).toEqual([])
    const folder = folderOfPictures()
    if (folder === null) return
    const name = screen.replaceAll(/[^\w.-]+/g, '-')
    // A picture of the whole page changes the size of the window, which closes what lies over it.
    const layers = this.page.locator('[role=listbox], [role=menu], [role=dialog]')
    const fullPage = (await layers.filter({ visible: true }).count()) === 0
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage })
  }

  /**
   * Lets a mutation fail while `act` runs.
   *
   * @param failure the extensions of the GraphQL error, or the status of a proxy’s answer; null if
   * there is no answer.
   */
  async whileFailing(
    mutation: string,
    failure: { readonly code: string; readonly [extension: string]: unknown } | number | null,
    act: () => Promise<void>,
  ): Promise<void> {
    const fail = (route: Route): Promise<void> => {
      if (route.request().postData()?.includes(`${mutation}(`) !== true) return route.fallback()
      // The only failure of a network that the tests accept on the console.
      if (failure === null) return route.abort('internetdisconnected')
      if (typeof failure === 'number') return route.fulfill({ status: failure })
      const errors = [{ message: 'A message for developers.', extensions: failure }]
      return route.fulfill({ json: { data: null, errors } })
    }
    await this.page.route('**/graphql', fail)
    await act()
    await this.page.unroute('**/graphql', fail)
  }

  /**
   * Lets the waits before all retries of a mutation pass, then checks what is shown. The page must
   * have the clock of Playwright.
   */
  async checkUnanswered(screen: string, shown: Locator): Promise<void> {
    await expect(async () => {
      await this.page.clock.fastForward('00:03')
      await expect(shown).toBeVisible({ timeout: 500 })
    }).toPass()
    await this.check(screen, shown)
  }

  /** Waits for an element, then expects that all texts are in catalogues and fit, wide and narrow. */
  async check(screen: string, shown?: Locator): Promise<void> {
    if (shown !== undefined) await expect(shown).toBeVisible()
    for (const width of [1280, 390]) {
      await this.page.setViewportSize({ width, height: 844 })
      await this.checkHere(`${screen}, ${width} px`)
    }
    await this.page.setViewportSize({ width: 1280, height: 844 })
  }
}

/** A user of the API whose language is the pseudo-locale. */
export class PseudoApi extends ApiUser {
  /**
   * Signs in as the owner. Makes the pseudo-locale the language of the users of the journeys and
   * the default of the account.
   */
  static async start(request: APIRequestContext, rekey: Rekey): Promise<PseudoApi> {
    const api = new PseudoApi(request, rekey)
    await api.signIn(people.owner.login)
    for (const { login } of Object.values(people)) {
      await api.mutate('updateUser', { userId: await api.idOf(login), language: pseudoLocale })
    }
    await api.mutate('updateAccountSettings', { defaultLanguage: pseudoLocale })
    return api
  }
}

/** A mail that was received. */
export type Mail = Mailbox['mails'][number]

/**
 * The subjects in the pseudo-locale that each template of a mail can have. The templates are the
 * files of the server whose names end with `.mail.ts`.
 */
export const subjectsOfTemplates = (): Map<string, string[]> => {
  const source = join(__dirname, '../../server/src')
  const files = readdirSync(source, { encoding: 'utf8', recursive: true })
  const templates = files.filter(file => file.endsWith('.mail.ts'))
  return new Map(
    templates.map(file => {
      const code = readFileSync(join(source, file), 'utf8')
      const keys = [...code.matchAll(/'([\w.-]+[sS]ubject)'/g)].map(([, key = '']) => key)
      return [file, keys.map(key => serverText(key as never))]
    }),
  )
}

/** Returns the texts of a mail that are in no catalogue. */
export const faultsOfMail = (
  { subject = '', text = '', html }: Mail,
  data: readonly string[],
): string[] => {
  if (!isPseudo) return []
  const parts = String(html)
    .replaceAll(/<(style|title)\b[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<!--[\s\S]*?-->|<!doctype[^>]*>/gi, '')
    .split(/<\/?(?:p|td|tr|div|h\d|table|body|html|head|br)\b[^>]*>/)
    .map(part => part.replaceAll(/<[^>]+>/g, ' '))
  const texts = [subject, ...text.split(/\n\n/), ...parts].map(part =>
    part.replaceAll(/\s+/g, ' ').trim(),
  )
  return bareTexts(texts, [/https?:\S+/g, ...knownData, ...data])
}
