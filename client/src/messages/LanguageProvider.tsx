import { DirectionProvider, useDirection } from '@mantine/core'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { loadLocale } from './load-locale'
import type { Locale } from './locale'
import { LanguageContext } from './use-locale'
import { rememberLanguage, wantedLanguages } from './wanted-languages'

/** Mirrors the page for languages that are written from right to left. */
const Direction = ({ dir, children }: { dir: Locale['dir']; children: ReactNode }) => {
  const { setDirection } = useDirection()
  useEffect(() => setDirection(dir), [dir, setDirection])
  return children
}

/**
 * Decides the language of the screen: that of the user's profile if there are catalogues for it,
 * otherwise the one that was chosen in this browser, otherwise that of the browser, otherwise the
 * default of the account.
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
  // The last change counts, even if an earlier one loads longer.
  const lastChange = useRef(0)
  const changes = useMemo(() => {
    const show = async (wanted: readonly string[]) => {
      lastChange.current += 1
      const change = lastChange.current
      const loaded = await loadLocale([...wanted, fallback], ['signIn', 'console'])
      if (change === lastChange.current) setLocale(loaded)
      return loaded
    }
    return {
      setLanguage: (tag: string | null) =>
        show([...(tag === null ? [] : [tag]), ...wantedLanguages()]),
      chooseLanguage: async (tag: string) => {
        await show(wantedLanguages(tag))
        rememberLanguage(tag)
      },
    }
  }, [fallback])
  const language = useMemo(() => ({ locale, ...changes }), [locale, changes])
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
