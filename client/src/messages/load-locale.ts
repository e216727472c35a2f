import { catalogues } from './compiled/catalogues'
import { createLocale, type Locale } from './locale'

/** The tag of a language that has catalogues. */
export type LocaleTag = keyof typeof catalogues

/** The name of a catalogue: `signIn` for the sign-in page, `console` for all others. */
export type Catalogue = keyof (typeof catalogues)[LocaleTag]

/** The languages that have catalogues. */
export const localeTags = Object.keys(catalogues) as LocaleTag[]

/** The languages that people can choose. The pseudo-locale is for tests. */
export const offeredLocales = localeTags.filter(tag => tag !== 'en-XA')

/** The language that is always complete. */
export const sourceLocale: LocaleTag = 'en'

/**
 * Finds the first wanted language that has catalogues: the same tag, otherwise the same language in
 * another region.
 *
 * @param wanted language tags, the most wanted first.
 */
export const matchLocale = (wanted: readonly string[]): LocaleTag => {
  for (const tag of wanted) {
    const language = tag.split('-', 1)[0]
    const found = localeTags.find(one => one === tag) ?? localeTags.find(one => one === language)
    if (found !== undefined) return found
  }
  return sourceLocale
}

const locales = new Map<LocaleTag, Locale>()
const loaded = new Set<string>()

/** Loads catalogues of a language, each once. */
export const loadLocale = async (tag: LocaleTag, wanted: readonly Catalogue[]): Promise<Locale> => {
  const locale = locales.get(tag) ?? createLocale(tag)
  locales.set(tag, locale)
  await Promise.all(
    wanted.map(async catalogue => {
      const name = `${tag} ${catalogue}`
      if (loaded.has(name)) return
      locale.add((await catalogues[tag][catalogue]()).messages)
      loaded.add(name)
    }),
  )
  return locale
}
