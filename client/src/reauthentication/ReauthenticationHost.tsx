import { useEffect, useRef, useSyncExternalStore } from 'react'
import { returnFocus } from '../ui/return-focus'
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
  // The button that sent the request shows a loader while the question is open, so it has lost the
  // focus before the question opened.
  const last = useRef<HTMLElement>(null)
  useEffect(() => {
    if (asking) return () => returnFocus(last)
    const remember = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement) last.current = target
    }
    document.addEventListener('focusin', remember)
    return () => document.removeEventListener('focusin', remember)
  }, [asking])
  return <ReauthenticationDialog opened={asking} onAnswer={reauthentication.answer} />
}
