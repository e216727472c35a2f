// The language, script and region of BCP 47. Other parts would change how numbers and dates look to
// others who see the profile, and not every browser has names for them.
const shape = /^([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?$/i

// Codes of ISO 639-2 that name no language: private use, several languages, none, undetermined.
const isNoLanguage = (language: string): boolean => /^(q[a-t][a-z]|mul|zxx|mis|und)$/.test(language)
const unknownCodes = ['ZZ', 'Zzzz']

const isKnown = (type: 'language' | 'script' | 'region', code: string | undefined): boolean => {
  if (code === undefined) return true
  if (unknownCodes.includes(code)) return false
  try {
    return new Intl.DisplayNames('en', { type, fallback: 'none' }).of(code) !== undefined
  } catch {
    return false
  }
}

/**
 * The canonical form of a language tag (BCP 47) with language, script and region, such as `pt-BR`.
 * Accepts an underscore in place of a hyphen, as in `de_DE`.
 *
 * @returns null for anything else: other parts, private use, an unknown language, script or region,
 *   or a name such as "English".
 */
export const readLanguageTag = (text: string): string | null => {
  if (text.length > 35) return null
  const tag = text.trim().replaceAll('_', '-')
  if (!shape.test(tag)) return null
  const canonical = Intl.getCanonicalLocales(tag)[0] ?? ''
  const [, language = '', script, region] = shape.exec(canonical) ?? []
  if (isNoLanguage(language) || !isKnown('language', language)) return null
  return isKnown('script', script) && isKnown('region', region) ? canonical : null
}

/**
 * The name of a language, such as "Polish" for `pl`. Never throws: returns a tag without a name
 * unchanged.
 *
 * @param tag any text that a server sent as a language.
 * @param locale the language of the name.
 */
export const languageName = (tag: string, locale = 'en'): string => {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}

// Intl throws for other texts, and one of them in a profile must not break a page or a mail.
const isTag = (text: string): boolean => {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}

/**
 * Finds the first wanted language among those available: the same tag, otherwise the same language
 * without its script and region.
 *
 * @param wanted language tags, the most wanted first. Texts that are no tags are skipped.
 * @returns the wanted tag and the available one, or null if there is none.
 */
export const matchLanguage = <Tag extends string>(
  available: readonly Tag[],
  wanted: readonly string[],
): { readonly wanted: string; readonly available: Tag } | null => {
  for (const tag of wanted) {
    const [language] = tag.split('-', 1)
    const found = available.find(one => one === tag) ?? available.find(one => one === language)
    if (found !== undefined && isTag(tag)) return { wanted: tag, available: found }
  }
  return null
}

/** The direction of a language's script. */
export const directionOf = (tag: string): 'ltr' | 'rtl' =>
  /^(?:ar|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi)(?:-|$)/.test(tag) ? 'rtl' : 'ltr'

/**
 * A text that keeps its own direction within another (Unicode, UAX #9). Otherwise a login would turn
 * around the rest of a sentence in a language from right to left.
 */
export const isolate = (text: string): string => `\u2068${text}\u2069`
