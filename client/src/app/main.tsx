import './styles'
import { ApolloProvider } from '@apollo/client/react'
import { Box, type MantineColorsTuple, MantineProvider, mergeThemeOverrides } from '@mantine/core'
import { darkShade, lightShade } from '@rekey/shared/accent'
import { setNonce } from 'get-nonce'
import {
  type ComponentType,
  lazy,
  type ReactNode,
  StrictMode,
  Suspense,
  startTransition,
  useEffect,
  useMemo,
  useState,
} from 'react'
import { createRoot } from 'react-dom/client'
import { LanguageProvider } from '../messages/LanguageProvider'
import { loadLocale } from '../messages/load-locale'
import { useLocale } from '../messages/use-locale'
import { wantedLanguages } from '../messages/wanted-languages'
import { loadFirstViewer } from '../sessions/first-viewer'
import { SignInPage } from '../sessions/SignInPage'
import { nextAddress } from '../sessions/sign-in-address'
import { useAccountLook } from '../ui/account-look'
import { FailureBoundary } from '../ui/FailureBoundary'
import { PageFailure } from '../ui/PageFailure'
import { whenIdle } from '../ui/when-idle'
import { createEntryClient } from './entry-client'
import { ThemeColor } from './ThemeColor'
import { cssVariables, themeOf } from './theme'

// The nonce of this response, for the styles that components add to the page.
const nonce =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined
if (nonce !== undefined) setNonce(nonce)

// The server writes the default language of the account into the page.
const fallback = document.documentElement.dataset.defaultLanguage ?? ''
const firstWanted = [...wantedLanguages(), fallback]

const client = createEntryClient()

let loaded: ComponentType | undefined

const loadConsole = async () => {
  const [console] = await Promise.all([import('./Console'), loadLocale(firstWanted, ['console'])])
  loaded = console.Console
  return console
}

// If it was not loaded in time, or could not be.
const LazyConsole = lazy(() => loadConsole().then(({ Console }) => ({ default: Console })))

const loadFiles = (address: string) => loadConsole().then(({ loadPage }) => loadPage(address))

/** The pages for users who are signed in. */
const isForSignedIn = (address: string) => /^\/(account\/|$|[?#])/.test(address)

/**
 * Loads the page at an address, and the signed-in user if the page is for one. If something cannot be
 * loaded, it is loaded again when it is shown.
 */
const loadPageAt = async (address: string) => {
  await Promise.allSettled([
    loadFiles(address),
    isForSignedIn(address) ? loadFirstViewer(client) : undefined,
  ])
}

const startsWithSignIn = window.location.pathname === '/sign-in'

/**
 * Shows the sign-in page without the router if it is the first page. The router loads in the
 * background.
 */
const App = () => {
  const [signingIn, setSigningIn] = useState(startsWithSignIn)
  const [parameters] = useState(() => new URLSearchParams(window.location.search))
  useEffect(
    () =>
      signingIn
        ? whenIdle(() => void loadFiles(nextAddress(parameters)).catch(() => undefined))
        : undefined,
    [signingIn, parameters],
  )
  if (!signingIn) {
    // A lazy component shows its fallback for 300 ms, even if it is loaded.
    const Console = loaded ?? LazyConsole
    return <Console />
  }
  return (
    <SignInPage
      parameters={parameters}
      onSignedIn={async next => {
        await loadPageAt(next)
        window.history.replaceState(null, '', next)
        // The form stays visible until the next page is ready.
        startTransition(() => setSigningIn(false))
      }}
    />
  )
}

/** The look of all pages. */
const Look = ({ children }: { children: ReactNode }) => {
  const { t } = useLocale()
  const { shades } = useAccountLook()
  const theme = useMemo(() => {
    const own = themeOf(t)
    if (shades === null) return own
    // shared/accent guarantees the contrast of these shades.
    const primaryShade = { light: lightShade, dark: darkShade } as const
    const colors = { rekey: shades as unknown as MantineColorsTuple }
    return mergeThemeOverrides(own, { colors, primaryShade })
  }, [t, shades])
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      // Mantine writes all variables itself, so no style sheet has to contain their
      // defaults.
      deduplicateCssVariables={false}
      {...(nonce === undefined ? {} : { getStyleNonce: () => nonce })}
    >
      <ThemeColor />
      {children}
    </MantineProvider>
  )
}

const place = document.getElementById('root')
if (place === null) throw new Error('The page has no place for the app.')
// Not with a top-level await: the bundler would divide the app into many more files.
void Promise.all([
  loadLocale(firstWanted, ['signIn']),
  // All at the same time, and then one rendering instead of three.
  startsWithSignIn ? undefined : loadPageAt(window.location.pathname),
]).then(([firstLocale]) =>
  createRoot(place).render(
    <StrictMode>
      <LanguageProvider first={firstLocale} fallback={fallback}>
        <Look>
          <ApolloProvider client={client}>
            <FailureBoundary
              fallback={failure => (
                <Box maw={540} mx="auto" px="md" py="xl">
                  <PageFailure failure={failure} isWholePage />
                </Box>
              )}
            >
              <Suspense fallback={<div aria-busy="true" />}>
                <App />
              </Suspense>
            </FailureBoundary>
          </ApolloProvider>
        </Look>
      </LanguageProvider>
    </StrictMode>,
  ),
)
