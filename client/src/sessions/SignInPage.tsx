import { useApolloClient } from '@apollo/client/react'
import { useEffect, useEffectEvent } from 'react'
import { EntryPage } from '../ui/EntryPage'
import { SignInForm } from './SignInForm'
import { nextAddress } from './sign-in-address'
import { onAnnouncement } from './tabs'
import { whoIsSignedIn } from './who-is-signed-in'

interface SignInPageProps {
  /** The query parameters of the page's address. */
  parameters: URLSearchParams
  /** The login whose forgotten password was just replaced. */
  passwordResetOf?: string | undefined
  /** @param next the address to open. */
  onSignedIn: (next: string) => void | Promise<void>
}

/**
 * The sign-in page. It does not use the router, because it is shown before the router is loaded. If
 * the user signs in in another tab, this one continues too.
 */
export const SignInPage = ({ parameters, passwordResetOf, onSignedIn }: SignInPageProps) => {
  const client = useApolloClient()
  const goOn = () => onSignedIn(nextAddress(parameters))
  const follow = useEffectEvent(async () => {
    // Someone is about to sign in here.
    if (document.querySelector<HTMLInputElement>('#password')?.value !== '') return
    if ((await whoIsSignedIn(client)) !== null) await goOn()
  })
  useEffect(
    () =>
      onAnnouncement(({ userId }) => {
        if (userId !== null) follow().catch(() => undefined)
      }),
    [],
  )
  return (
    <EntryPage>
      <SignInForm
        login={passwordResetOf ?? ''}
        passwordResetOf={passwordResetOf}
        reason={parameters.get('reason')}
        onSignedIn={goOn}
      />
    </EntryPage>
  )
}
