import { useEffect, useSyncExternalStore } from 'react'
import { ReauthenticationDialog } from './ReauthenticationDialog'
import type { Reauthentication } from './reauthentication'

/** Where someone is asked to confirm who they are, over whatever page they are on. */
export const ReauthenticationHost = ({
  reauthentication,
}: {
  reauthentication: Reauthentication
}) => {
  const asking = useSyncExternalStore(reauthentication.subscribe, reauthentication.isAsking)
  // Who is signed out meanwhile confirms nothing any more.
  useEffect(() => () => reauthentication.answer(false), [reauthentication])
  return <ReauthenticationDialog opened={asking} onAnswer={reauthentication.answer} />
}
