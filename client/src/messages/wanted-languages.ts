import { matchLanguage } from '@rekey/shared/language-tag'

const key = 'rekey.language'

const readChosen = (): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    // The browser stores nothing for this page.
    return null
  }
}

let chosen = readChosen()

/** Remembers the language that was chosen in this browser, for pages without a profile. */
export const rememberLanguage = (tag: string): void => {
  chosen = tag
  try {
    localStorage.setItem(key, tag)
  } catch {
    // It applies until the page is closed.
  }
}

/**
 * The languages that the person in front of the screen wants, the most wanted first: the one that was
 * chosen in this browser, then those of the browser.
 *
 * @param first a language that comes before all others.
 */
export const wantedLanguages = (first = chosen): readonly string[] => {
  const { languages } = navigator
  if (first === null) return languages
  // If the browser wants a region of this language, dates and numbers are written as in the region.
  const regional = languages.filter(tag => matchLanguage([first], [tag]) !== null)
  return [...regional, first, ...languages]
}
