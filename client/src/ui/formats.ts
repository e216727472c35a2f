/**
 * Formats every date, number, list, language and region on a screen. `Intl` throws for a value that
 * it does not know, and one such value would break the whole page. So each function returns a value
 * unchanged if it cannot be formatted.
 */
import { languageName as sharedLanguageName } from '@rekey/shared/language-tag'

const locale = 'en'

const orAsIs = (asIs: string, format: () => string | undefined): string => {
  try {
    return format() ?? asIs
  } catch {
    return asIs
  }
}

const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
const both = new Intl.ListFormat(locale)
const either = new Intl.ListFormat(locale, { type: 'disjunction' })
const number = new Intl.NumberFormat(locale)
const regions = new Intl.DisplayNames(locale, { type: 'region' })

const units = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** A day, such as “Mar 4, 2026”. */
export const formatDay = (at: string | Date): string =>
  orAsIs(String(at), () => day.format(new Date(at)))

/** A day and a time, such as “Mar 4, 2026, 9:30 AM”. */
export const formatMoment = (at: string | Date): string =>
  orAsIs(String(at), () => moment.format(new Date(at)))

/** The distance of a time from now, such as “3 days ago” or “in 2 hours”. */
export const formatTimeAgo = (at: string): string =>
  orAsIs(at, () => {
    const seconds = (new Date(at).getTime() - Date.now()) / 1000
    if (Number.isNaN(seconds)) return at
    for (const [unit, length] of units) {
      if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit)
    }
    return 'just now'
  })

/** A number, such as “1,250”. */
export const formatNumber = (value: number): string =>
  orAsIs(String(value), () => number.format(value))

/** All items as a list, such as “A, B, and C”. */
export const formatList = (items: readonly string[]): string =>
  orAsIs(items.join(', '), () => both.format(items))

/** Items as alternatives, such as “A, B, or C”. */
export const formatChoice = (items: readonly string[]): string =>
  orAsIs(items.join(', '), () => either.format(items))

/** The name of a language, such as “Polish” for `pl`. */
export const languageName = (tag: string): string => sharedLanguageName(tag, locale)

/** The name of a region, such as “Poland” for `PL`. */
export const regionName = (code: string): string => orAsIs(code, () => regions.of(code))

/** The host of an address, such as `example.org` for `https://example.org/hook`. */
export const hostOf = (url: string): string => orAsIs(url, () => new URL(url).host)

/** JSON with line breaks and indentation. */
export const formatJson = (json: string): string =>
  orAsIs(json, () => JSON.stringify(JSON.parse(json), null, 2))
