import { directionOf } from '@rekey/shared/language-tag'
import { formatToParts, IntlMessageFormat, PART_TYPE } from 'intl-messageformat'
import { createElement, Fragment, type ReactNode } from 'react'
import type { MessageArguments, Messages, Tag, Text } from './compiled/types'
import { createFormats, createFormatters, type Formats } from './formats'

/** Arguments with the types of inserted texts and of tags filled in. */
type Filled<Arguments, InsertedText, InsertedTag> = [Arguments] extends [never]
  ? []
  : [
      values: {
        [Name in keyof Arguments]: Arguments[Name] extends Text
          ? InsertedText
          : Arguments[Name] extends Tag
            ? InsertedTag
            : Arguments[Name]
      },
    ]

/** The key of a message in the catalogues. */
export type MessageId = keyof MessageArguments

/** The key of a message that has no arguments. */
export type PlainMessageId = {
  [Id in MessageId]: [MessageArguments[Id]] extends [never] ? Id : never
}[MessageId]

/** The arguments that a message requires as text. */
export type MessageValues<Id extends MessageId> = Filled<
  MessageArguments[Id],
  string | number,
  never
>

/** The arguments that a message requires, which may be elements. Tags are functions. */
export type MessageNodes<Id extends MessageId> = Filled<
  MessageArguments[Id],
  ReactNode,
  (content: ReactNode[]) => ReactNode
>

/** The text of a message in the language of the locale. */
export type Translate = <Id extends MessageId>(id: Id, ...values: MessageValues<Id>) => string

/** A language: its messages, and how it writes dates, numbers, lists and names. */
export interface Locale extends Formats {
  /** The BCP 47 tag, such as `en`. */
  readonly tag: string
  /** The direction of its script. */
  readonly dir: 'ltr' | 'rtl'
  /** Returns a message as text. */
  readonly t: Translate
  /** Returns a message with elements in it. The component `Message` renders it. */
  readonly format: <Id extends MessageId>(id: Id, ...values: MessageNodes<Id>) => ReactNode
  /** Adds the messages of a catalogue. */
  readonly add: (messages: Messages) => void
}

type Value = ReactNode | ((content: ReactNode[]) => ReactNode)

type Values = Record<string, Value>

/** The parts of a message as one node. As separate children they need no keys; in a list, the node does. */
const together = (parts: readonly ReactNode[]) => createElement(Fragment, { key: 0 }, ...parts)

/** Formats a message in a language. Returns its key if there is no such message. */
const createFormat = (tag: string, messages: Messages) => {
  const formatters = createFormatters(tag)
  return (id: string, values: Values): ReactNode => {
    const message = messages[id]
    if (message === undefined) return id
    // The constructor of IntlMessageFormat would need `Intl` even for plain text.
    const parts = formatToParts<Value>(message, tag, formatters, IntlMessageFormat.formats, values)
    if (parts.every(part => part.type === PART_TYPE.literal)) {
      return parts.map(part => part.value).join('')
    }
    return together(parts.map(part => part.value as ReactNode))
  }
}

/** Creates the locale of a language. It has no messages yet. */
export const createLocale = (tag: string): Locale => {
  const messages: Record<string, Messages[string]> = {}
  const formatMessage = createFormat(tag, messages)
  const inserted = (value: Value): Value =>
    typeof value === 'function' ? content => value([together(content)]) : value
  const format = (id: string, values: Values = {}): ReactNode => {
    const entries = Object.entries(values).map(([name, value]) => [name, inserted(value)])
    return formatMessage(id, Object.fromEntries(entries))
  }
  return {
    tag,
    dir: directionOf(tag),
    t: ((id, values) => String(format(id, values as Values))) as Translate,
    format: format as Locale['format'],
    add: added => void Object.assign(messages, added),
    ...createFormats(tag),
  }
}
