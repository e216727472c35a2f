import { ApolloProvider, useApolloClient } from '@apollo/client/react'
import { useEffect, useState } from 'react'
import { Outlet, useNavigate } from 'react-router'
import { ReauthenticationHost } from '../reauthentication/ReauthenticationHost'
import { createReauthentication } from '../reauthentication/reauthentication'
import { SessionHost } from '../sessions/SessionHost'
import { createSession, SessionContext } from '../sessions/session'
import { signInAddress } from '../sessions/sign-in-address'
import { announce, onAnnouncement } from '../sessions/tabs'
import { whoIsSignedIn } from '../sessions/who-is-signed-in'
import { onReachedAgain } from '../ui/connection'
import { createApolloClient } from './apollo-client'
import { startFirstQueries } from './first-queries'
import { Messages } from './Messages'

/** Loads a page from the beginning. What was typed belongs to another user, so nothing asks for it. */
const startAnew = (address: 'start' | 'same'): void => {
  // Added now, but called before the listeners of the page, because it captures.
  window.addEventListener('beforeunload', event => event.stopImmediatePropagation(), {
    capture: true,
  })
  if (address === 'same') window.location.reload()
  else window.location.replace('/')
}

/**
 * Provides the API client for all pages that require a sign-in. Each sign-in creates a new client,
 * so its cache has no data of a user who was signed in before.
 */
export const ApiProvider = () => {
  const navigate = useNavigate()
  const entryClient = useApolloClient()
  const [reauthentication] = useState(() => createReauthentication())
  const [session] = useState(() =>
    createSession({
      whoIsSignedIn: () => whoIsSignedIn(entryClient),
      isFormOpen: () => document.querySelector('form, [role=dialog]') !== null,
      leave: () => {
        const { pathname, search } = window.location
        if (pathname === '/sign-in') return
        void navigate(signInAddress(pathname + search, 'ended'), { replace: true })
      },
      startAnew,
      announce,
    }),
  )
  const [client] = useState(() => {
    const created = createApolloClient(session, reauthentication)
    startFirstQueries(created, session, window.location)
    return created
  })
  useEffect(() => onAnnouncement(({ userId }) => session.hear(userId)), [session])
  // Whatever could not be loaded, loads by itself.
  useEffect(
    () =>
      onReachedAgain(() => {
        client.refetchQueries({ include: 'active' }).catch(() => undefined)
      }),
    [client],
  )
  return (
    <ApolloProvider client={client}>
      <SessionContext value={session}>
        <Messages />
        <Outlet />
        <ReauthenticationHost reauthentication={reauthentication} />
        <SessionHost session={session} entryClient={entryClient} />
      </SessionContext>
    </ApolloProvider>
  )
}
