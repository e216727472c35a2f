import { useEffect, useSyncExternalStore } from 'react'
import { ReauthenticationDialog } from './ReauthenticationDialog'
import type { Reauthentication } from './reauthentication'

/** Asks the user to confirm their identity, over any page. */
export const ReauthenticationHost = ({
  reauthentication,
}: {
  reauthentication: Reauthentication
}) => {
  const asking = useSyncExternalStore(reauthentication.subscribe, reauthentication.isAsking)
  // A user who is signed out in the meantime can no longer confirm.
  useEffect(() => () => reauthentication.answer(false), [reauthentication])
  return <ReauthenticationDialog opened={asking} onAnswer={reauthentication.answer} />
}
