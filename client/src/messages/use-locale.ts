import { createContext, use } from 'react'
import type { Locale } from './locale'

/** The language of the screen, and how to change it. */
export interface Language {
  readonly locale: Locale
  /** Changes the language, as soon as its messages are loaded. Returns the new one. */
  readonly setLanguage: (tag: string | null) => Promise<Locale>
  /** Changes the language of pages without a profile, and remembers it in this browser. */
  readonly chooseLanguage: (tag: string) => Promise<void>
}

/** Provides the language to all components. */
export const LanguageContext = createContext<Language | null>(null)

let outside: Language | null = null

/** A language that cannot be changed. Tests use it. */
export const fixedLanguage = (locale: Locale): Language => ({
  locale,
  setLanguage: async () => locale,
  chooseLanguage: async () => undefined,
})

/** Sets the language of components outside a provider. Tests use it. */
export const setLanguageOutside = (locale: Locale): void => {
  outside = fixedLanguage(locale)
}

/** The language outside a provider, for tests of functions. */
export const localeOutside = (): Locale => {
  if (outside === null) throw new Error('No language is set.')
  return outside.locale
}

/** The language of the screen. */
export const useLanguage = (): Language => {
  const language = use(LanguageContext) ?? outside
  if (language === null) throw new Error('The component is not inside a LanguageProvider.')
  return language
}

/** The messages and formats of the language of the screen. */
export const useLocale = (): Locale => useLanguage().locale
