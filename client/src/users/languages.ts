import { offeredLocales } from '../messages/load-locale'
import type { Locale } from '../messages/locale'

/**
 * The languages to choose from: those that Rekey is translated to, and the current one of the
 * profile, if there is one.
 */
export const languageOptions = (
  { languageName, compare }: Pick<Locale, 'languageName' | 'compare'>,
  current: string,
): { value: string; label: string }[] =>
  [...new Set([current, ...offeredLocales].filter(tag => tag !== ''))]
    .map(value => ({ value, label: languageName(value) }))
    .sort((one, other) => compare(one.label, other.label))
