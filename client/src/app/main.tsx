import './styles'
import { MantineProvider } from '@mantine/core'
import { setNonce } from 'get-nonce'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouteFailure } from './RouteFailure'
import { cssVariables, theme } from './theme'

// The answer's own nonce, for the styles that components put into the page.
const nonce =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined
if (nonce !== undefined) setNonce(nonce)

const place = document.getElementById('root')
if (place === null) throw new Error('The page has no place for the app.')
const root = createRoot(place)

const show = (page: ReactNode): void =>
  root.render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        {...(nonce === undefined ? {} : { getStyleNonce: () => nonce })}
      >
        {page}
      </MantineProvider>
    </StrictMode>,
  )

const showConsole = async (): Promise<void> => {
  const { Console } = await import('./Console')
  show(<Console />)
}

// Who comes to sign in needs one page: the router loads behind it.
const showSignIn = async (): Promise<void> => {
  const { SignInPage } = await import('../sessions/SignInPage')
  show(
    <SignInPage
      parameters={new URLSearchParams(window.location.search)}
      onSignedIn={next => {
        window.history.replaceState(null, '', next)
        return showConsole().catch(showFailure)
      }}
    />,
  )
}

const showFailure = (): void => show(<RouteFailure />)

show(<div aria-busy="true" />)
const first = window.location.pathname === '/sign-in' ? showSignIn() : showConsole()
first.catch(showFailure)
