import { directionOf, isolate, matchLanguage } from '@rekey/shared/language-tag'
import { IntlMessageFormat } from 'intl-messageformat'
import Negotiator from 'negotiator'
import { catalogues } from './compiled/catalogues.js'
import type { Text as InsertedText, MessageArguments } from './compiled/types.js'

/** The key of a message in the catalogues. */
export type MessageId = keyof MessageArguments

/** The key of a message that has no arguments. */
export type PlainMessageId = {
  [Id in MessageId]: [MessageArguments[Id]] extends [never] ? Id : never
}[MessageId]

type ValuesOf<Id extends MessageId> = [MessageArguments[Id]] extends [never]
  ? []
  : [
      values: {
        readonly [Name in keyof MessageArguments[Id]]: MessageArguments[Id][Name] extends InsertedText
          ? string | number
          : MessageArguments[Id][Name]
      },
    ]

/** A message with its arguments, to be translated into the language of its reader. */
export interface Text {
  readonly id: MessageId
  readonly values: Readonly<Record<string, string | number>>
}

/** Creates a text. */
export const text = <Id extends MessageId>(id: Id, ...[values]: ValuesOf<Id>): Text => ({
  id,
  values: (values ?? {}) as Text['values'],
})

/** The tag of a language that has a catalogue. */
type LocaleTag = keyof typeof catalogues
const localeTags = Object.keys(catalogues) as LocaleTag[]

// Each message is prepared once for each catalogue, because an import sends thousands of mails.
const prepared = new Map<string, IntlMessageFormat>()

const preparedFor = (locale: LocaleTag, id: MessageId): IntlMessageFormat => {
  const name = `${locale} ${id}`
  const known = prepared.get(name)
  if (known !== undefined) return known
  const message = catalogues[locale][id]
  if (message === undefined) throw new Error(`There is no message ${id} in ${locale}.`)
  const format = new IntlMessageFormat(message, locale)
  prepared.set(name, format)
  return format
}

/** A language: its messages, and how it writes dates and lists. */
export class Language {
  /** The direction of its script. */
  readonly dir: 'ltr' | 'rtl'

  private constructor(
    /** The tag of the language that the reader wants, such as `en-GB`. */
    readonly tag: string,
    private readonly catalogue: LocaleTag,
    /** The name of the account, which every message can insert as `account`. */
    readonly account = 'Rekey',
  ) {
    this.dir = directionOf(tag)
  }

  /** English, the language that is always complete. */
  static readonly source = new Language('en', 'en')

  /** The first wanted language that has a catalogue; English if none has. */
  static of(wanted: readonly string[]): Language {
    const match = matchLanguage(localeTags, wanted)
    return match === null ? Language.source : new Language(match.wanted, match.available)
  }

  /** This language, with the name of the account for messages. */
  named(account: string): Language {
    return new Language(this.tag, this.catalogue, account)
  }

  /** The language that a request wants by its Accept-Language (RFC 9110, 12.5.4). */
  static ofRequest(acceptLanguage: string | undefined): Language {
    if (acceptLanguage === undefined) return Language.source
    const headers = { 'accept-language': acceptLanguage }
    const [catalogue = 'en'] = new Negotiator({ headers }).languages(localeTags) as LocaleTag[]
    return new Language(catalogue, catalogue)
  }

  /** A message as text. */
  readonly t = <Id extends MessageId>(id: Id, ...values: ValuesOf<Id>): string =>
    this.translate(text(id, ...values))

  /** A text in this language. */
  translate({ id, values }: Text): string {
    const all = { account: this.account, ...values }
    return String(preparedFor(this.catalogue, id).format(all))
  }

  /** Data that stands beside texts, such as an address. It keeps its own direction. */
  inserted(data: string): string {
    return this.dir === 'ltr' ? data : isolate(data)
  }

  /** A time in UTC, because the reader may be in any time zone. */
  formatMoment(at: Date): string {
    const options = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const
    return this.t('mail.time', { time: new Intl.DateTimeFormat(this.tag, options).format(at) })
  }

  /** All items as a list, such as “A, B, and C”. */
  formatList(items: readonly string[]): string {
    return new Intl.ListFormat(this.tag).format(items.map(item => this.inserted(item)))
  }
}
