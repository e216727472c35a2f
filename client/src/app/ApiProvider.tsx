import { ApolloProvider } from '@apollo/client/react'
import { useEffect, useState } from 'react'
import { Outlet, useNavigate } from 'react-router'
import { ReauthenticationHost } from '../reauthentication/ReauthenticationHost'
import { createReauthentication } from '../reauthentication/reauthentication'
import { signInAddress } from '../sessions/sign-in-address'
import { onReachedAgain } from '../ui/connection'
import { createApolloClient } from './apollo-client'
import { Messages } from './Messages'

/**
 * Provides the API client for all pages that require a sign-in. Each sign-in creates a new client,
 * so its cache has no data of a user who was signed in before.
 */
export const ApiProvider = () => {
  const navigate = useNavigate()
  const [reauthentication] = useState(() => createReauthentication())
  const [client] = useState(() =>
    createApolloClient(() => {
      const { pathname, search } = window.location
      if (pathname === '/sign-in') return
      void navigate(signInAddress(pathname + search, 'ended'), { replace: true })
    }, reauthentication),
  )
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
      <Messages />
      <Outlet />
      <ReauthenticationHost reauthentication={reauthentication} />
    </ApolloProvider>
  )
}
