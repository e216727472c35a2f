import { createContext, use } from 'react'
import type { Locale } from './locale'

/** The language of the screen, and how to change it. */
export interface Language {
  readonly locale: Locale
  /** Changes the language, as soon as its messages are loaded. Returns the new one. */
  readonly setLanguage: (tag: string | null) => Promise<Locale>
}

/** Provides the language to all components. */
export const LanguageContext = createContext<Language | null>(null)

let outside: Language | null = null

/** Sets the language of components outside a provider. Tests use it. */
export const setLanguageOutside = (language: Language): void => {
  outside = language
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
