import { DirectionProvider, useDirection } from '@mantine/core'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { loadLocale } from './load-locale'
import type { Locale } from './locale'
import { LanguageContext } from './use-locale'

/** The languages that the browser wants, the most wanted first. */
export const browserLanguages = (): readonly string[] => navigator.languages

/** Mirrors the page for languages that are written from right to left. */
const Direction = ({ dir, children }: { dir: Locale['dir']; children: ReactNode }) => {
  const { setDirection } = useDirection()
  useEffect(() => setDirection(dir), [dir, setDirection])
  return children
}

/**
 * Decides the language of the screen: that of the user's profile if there are catalogues for it,
 * otherwise that of the browser, otherwise the default of the account.
 */
export const LanguageProvider = ({
  first,
  fallback,
  children,
}: {
  /** The language until the user is known. */
  first: Locale
  /** The default language of the account. */
  fallback: string
  children: ReactNode
}) => {
  const [locale, setLocale] = useState(first)
  const setLanguage = useCallback(
    async (tag: string | null) => {
      const wanted = [...(tag === null ? [] : [tag]), ...browserLanguages(), fallback]
      const loaded = await loadLocale(wanted, ['signIn', 'console'])
      setLocale(loaded)
      return loaded
    },
    [fallback],
  )
  const language = useMemo(() => ({ locale, setLanguage }), [locale, setLanguage])
  useEffect(() => {
    document.documentElement.lang = locale.tag
  }, [locale])
  return (
    <DirectionProvider initialDirection={first.dir} detectDirection={false}>
      <Direction dir={locale.dir}>
        <LanguageContext value={language}>{children}</LanguageContext>
      </Direction>
    </DirectionProvider>
  )
}
