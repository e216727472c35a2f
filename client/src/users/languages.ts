import { offeredLocales } from '../messages/load-locale'
import type { Locale } from '../messages/locale'
import { languageName } from '../ui/formats'

const tags = [
  'en',
  'en-GB',
  'cs',
  'da',
  'de',
  'es',
  'fi',
  'fr',
  'it',
  'ja',
  'nb',
  'nl',
  'pl',
  'pt',
  'pt-BR',
  'sv',
  'tr',
  'uk',
  'zh',
]

/**
 * The languages to choose from. They always include the current one of the profile, if there is
 * one.
 */
export const languageOptions = (current: string): { value: string; label: string }[] =>
  [...new Set([current, ...tags].filter(tag => tag !== ''))]
    .map(value => ({ value, label: languageName(value) }))
    .sort((one, other) => one.label.localeCompare(other.label, 'en'))

/**
 * The languages to choose from: those that Rekey is translated to, and the current one of the
 * profile, if there is one.
 */
export const languageChoices = (
  { languageName, compare }: Pick<Locale, 'languageName' | 'compare'>,
  current: string,
): { value: string; label: string }[] =>
  [...new Set([current, ...offeredLocales].filter(tag => tag !== ''))]
    .map(value => ({ value, label: languageName(value) }))
    .sort((one, other) => compare(one.label, other.label))
