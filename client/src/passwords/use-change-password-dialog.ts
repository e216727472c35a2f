import { useRef } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { dialogSuffix, withoutDialog } from '../ui/dialog-address'

/**
 * The change dialog over a page: it has an address of its own, so that a link can
 * lead to it, and gives the focus back to the pencil.
 *
 * @param allowed whether the password may be changed at all.
 */
export const useChangePasswordDialog = (allowed: boolean) => {
  const { key, pathname, state } = useLocation() as ReturnType<typeof useLocation> & {
    state: { byPencil?: boolean } | null
  }
  const navigate = useNavigate()
  const closed = useRef<string>(null)
  const pencil = useRef<HTMLButtonElement>(null)
  const page = withoutDialog(pathname)
  const opened = allowed && page !== pathname
  return {
    opened,
    pencil,
    open: () => void navigate(page + dialogSuffix, { state: { ...state, byPencil: true } }),
    close: () => {
      // Once for each entry of the history: going back takes a moment, in which a second
      // call (a key held down, a click) would leave the page as well.
      if (closed.current === key) return
      closed.current = key
      // Back over what the pencil added, so that Back does not open the dialog again.
      if (state?.byPencil) void navigate(-1)
      else void navigate(page, { replace: true })
    },
    onClosed: () => {
      // Unless it was opened again while it was fading out.
      if (!window.location.pathname.endsWith(dialogSuffix)) pencil.current?.focus()
    },
  }
}
