import { useEffect, useSyncExternalStore } from 'react'
import { type Reauthentication, reauthenticationDialog } from './reauthentication'

/** Where someone is asked to confirm who they are, over whatever page they are on. */
export const ReauthenticationHost = ({
  reauthentication,
}: {
  reauthentication: Reauthentication
}) => {
  const asking = useSyncExternalStore(reauthentication.subscribe, reauthentication.isAsking)
  // Who is signed out meanwhile confirms nothing any more.
  useEffect(() => () => reauthentication.answer(false), [reauthentication])
  // Loaded before anyone is asked.
  const { module } = reauthenticationDialog
  return module === undefined ? null : (
    <module.ReauthenticationDialog opened={asking} onAnswer={reauthentication.answer} />
  )
}
