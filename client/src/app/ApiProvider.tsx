import './signed-in-styles'
import { ApolloProvider } from '@apollo/client/react'
import { useState } from 'react'
import { Outlet, useNavigate } from 'react-router'
import { ReauthenticationHost } from '../reauthentication/ReauthenticationHost'
import { createReauthentication } from '../reauthentication/reauthentication'
import { signInAddress } from '../sessions/sign-in-address'
import { createApolloClient } from './apollo-client'
import { latePart, useLatePart } from './late-part'

const messages = latePart(() => import('./Messages'))

/**
 * The client of the API for all that lies beneath. Made anew with each sign-in, so
 * that nothing is left of whoever was here before.
 */
export const ApiProvider = () => {
  const navigate = useNavigate()
  const late = useLatePart(messages)
  const [reauthentication] = useState(() => createReauthentication())
  const [client] = useState(() =>
    createApolloClient(() => {
      const { pathname, search } = window.location
      if (pathname === '/sign-in') return
      void navigate(signInAddress(pathname + search, 'ended'), { replace: true })
    }, reauthentication),
  )
  return (
    <ApolloProvider client={client}>
      {late !== undefined && <late.Messages />}
      <Outlet />
      <ReauthenticationHost reauthentication={reauthentication} />
    </ApolloProvider>
  )
}
