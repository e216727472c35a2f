import { matchLanguage } from '@rekey/shared/language-tag'
import { catalogues, languageNames } from './compiled/catalogues'
import { createLocale, type Locale } from './locale'

export { languageNames }

/** The tag of a language that has catalogues. */
export type LocaleTag = keyof typeof catalogues

/** The name of a catalogue: `signIn` for the sign-in page, `console` for all others. */
export type Catalogue = keyof (typeof catalogues)[LocaleTag]

/** The languages that have catalogues. */
export const localeTags = Object.keys(catalogues) as LocaleTag[]

/** The languages that people can choose, in the order of their own names. The pseudo-locale is for tests. */
export const offeredLocales = localeTags
  .filter(tag => tag !== 'en-XA')
  .sort((one, other) => (languageNames[one] < languageNames[other] ? -1 : 1))

/** The language that is always complete. */
const sourceLocale: LocaleTag = 'en'

const locales = new Map<string, Locale>()
const loaded = new Set<string>()

/**
 * Loads the first wanted language that has catalogues. Dates and numbers are written as in the wanted
 * region: `en-GB` has the messages of `en`, and dates such as “4 Mar 2026”.
 *
 * @param wanted language tags, the most wanted first.
 * @param names the catalogues to load. Each is loaded once.
 */
export const loadLocale = async (
  wanted: readonly string[],
  names: readonly Catalogue[],
): Promise<Locale> => {
  const match = matchLanguage(localeTags, wanted)
  const tag = match?.wanted ?? sourceLocale
  const locale = locales.get(tag) ?? createLocale(tag)
  locales.set(tag, locale)
  await Promise.all(
    names.map(async name => {
      const key = `${tag} ${name}`
      if (loaded.has(key)) return
      locale.add((await catalogues[match?.available ?? sourceLocale][name]()).messages)
      loaded.add(key)
    }),
  )
  return locale
}
