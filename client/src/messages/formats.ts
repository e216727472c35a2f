import {
  directionOf,
  isolate,
  languageName as sharedLanguageName,
} from '@rekey/shared/language-tag'
import type { Formatters } from 'intl-messageformat'

/**
 * How a language writes dates, numbers, lists and names. `Intl` throws for a value that it does not
 * know, and one such value would break the whole page. So each function returns a value unchanged
 * if it cannot be formatted.
 */
export interface Formats {
  /** A day, such as “Mar 4, 2026”. */
  readonly formatDay: (at: string | Date) => string
  /** A date such as 2026-03-04 without its year, such as “Mar 4”. */
  readonly formatDate: (date: string) => string
  /** A day and a time, such as “Mar 4, 2026, 9:30 AM”. */
  readonly formatMoment: (at: string | Date) => string
  /** A day and a time with seconds and the time zone, such as “Mar 4, 2026, 9:30:05 AM GMT+1”. */
  readonly formatExactly: (at: string | Date) => string
  /**
   * The distance of a time from now, such as “3 days ago” or “in 2 hours”; null for a time that has
   * just passed, because `Intl` only has “now” for it, which is not about the past in all languages.
   */
  readonly formatTimeAgo: (at: string) => string | null
  /** A number, such as “1,250”. */
  readonly formatNumber: (value: number) => string
  /** All items as a list, such as “A, B, and C”. */
  readonly formatList: (items: readonly string[]) => string
  /** Items as alternatives, such as “A, B, or C”. */
  readonly formatChoice: (items: readonly string[]) => string
  /** The name of a language, such as “Polish” for `pl`. */
  readonly languageName: (tag: string) => string
  /** The name of a region, such as “Poland” for `PL`. */
  readonly regionName: (code: string) => string
  /** Compares two texts in the order of the language. */
  readonly compare: (one: string, other: string) => number
}

const orAsIs = (asIs: string, format: () => string | undefined): string => {
  try {
    return format() ?? asIs
  } catch {
    return asIs
  }
}

// In the pseudo-locale everything that a language writes stands in brackets.
const markerOf = (locale: string) =>
  locale === 'en-XA' ? (text: string) => `[${text}]` : (text: string) => text

// From the largest to the smallest unit, in seconds.
const units = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/**
 * Rounds a distance in time to the largest unit that fits: 47 hours are 2 days, and 59 minutes and
 * 40 seconds are 1 hour. A unit fits if the next smaller one would be rounded up to it.
 */
const roundToUnit = (seconds: number) => {
  for (const [index, [unit, length]] of units.entries()) {
    const smaller = units[index + 1]?.[1] ?? 1
    if (Math.abs(seconds) >= length - smaller / 2) {
      return { unit, value: Math.sign(seconds) * Math.round(Math.abs(seconds) / length) }
    }
  }
  return null
}

/** Creates something when it is first used. The first use of a part of `Intl` is slow on a phone. */
const whenUsed = <Format>(create: () => Format): (() => Format) => {
  let created: Format | undefined
  return () => {
    created ??= create()
    return created
  }
}

// From right to left, a list of names in Latin letters would otherwise be in the reverse order.
const isolatedIn = (locale: string, items: readonly string[]): readonly string[] =>
  directionOf(locale) === 'rtl' ? items.map(isolate) : items

/** Creates the formats of a language. */
export const createFormats = (locale: string): Formats => {
  const dates = (options: Intl.DateTimeFormatOptions) =>
    whenUsed(() => new Intl.DateTimeFormat(locale, options))
  const day = dates({ dateStyle: 'medium' })
  // A date without a time is the same day in each time zone.
  const date = dates({ month: 'short', day: 'numeric', timeZone: 'UTC' })
  const moment = dates({ dateStyle: 'medium', timeStyle: 'short' })
  // With numbers, because 30 hours ago need not be yesterday.
  const relative = whenUsed(() => new Intl.RelativeTimeFormat(locale))
  const now = whenUsed(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))
  const exact = dates({
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
  const both = whenUsed(() => new Intl.ListFormat(locale))
  const either = whenUsed(() => new Intl.ListFormat(locale, { type: 'disjunction' }))
  const number = whenUsed(() => new Intl.NumberFormat(locale))
  const regions = whenUsed(() => new Intl.DisplayNames(locale, { type: 'region' }))
  const collator = whenUsed(() => new Intl.Collator(locale))
  const mark = markerOf(locale)
  const written = (asIs: string, format: () => string | undefined) => mark(orAsIs(asIs, format))
  return {
    formatDay: at => written(String(at), () => day().format(new Date(at))),
    formatDate: at => written(at, () => date().format(new Date(at))),
    formatMoment: at => written(String(at), () => moment().format(new Date(at))),
    formatExactly: at => written(String(at), () => exact().format(new Date(at))),
    formatTimeAgo: at => {
      const seconds = (new Date(at).getTime() - Date.now()) / 1000
      if (Number.isNaN(seconds)) return mark(at)
      const rounded = roundToUnit(seconds)
      if (rounded !== null) return mark(relative().format(rounded.value, rounded.unit))
      return seconds > 0 ? mark(now().format(0, 'second')) : null
    },
    formatNumber: value => written(String(value), () => number().format(value)),
    formatList: items => written(items.join(', '), () => both().format(isolatedIn(locale, items))),
    formatChoice: items =>
      written(items.join(', '), () => either().format(isolatedIn(locale, items))),
    languageName: tag => mark(sharedLanguageName(tag, locale)),
    regionName: code => written(code, () => regions().of(code)),
    compare: (one, other) => collator().compare(one, other),
  }
}

/** Creates a format once for each options. */
const onceFor = <Options, Format>(create: (options?: Options) => Format) => {
  const known = new Map<string, Format>()
  return (_tag: unknown, options?: Options): Format => {
    const key = JSON.stringify(options)
    const format = known.get(key) ?? create(options)
    known.set(key, format)
    return format
  }
}

/** Creates the formats of numbers, dates and plural forms inside the messages of a language. */
export const createFormatters = (locale: string): Formatters => ({
  getNumberFormat: onceFor<Intl.NumberFormatOptions, Intl.NumberFormat>(
    options => new Intl.NumberFormat(locale, options),
  ) as Formatters['getNumberFormat'],
  getDateTimeFormat: onceFor(options => new Intl.DateTimeFormat(locale, options)),
  getPluralRules: onceFor(options => new Intl.PluralRules(locale, options)),
})
