import { useRef } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { dialogSuffix, withoutDialog } from '../ui/dialog-address'

/**
 * Opens and closes the change dialog over a page. The dialog has its own address, so that a link
 * can open it. It returns the focus to the edit button.
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
    /** Opens the dialog over the page with this address. To close it leads back here. */
    openOver: (other: string) =>
      void navigate(other + dialogSuffix, { state: { ...state, byPencil: true } }),
    close: () => {
      // Only once for each history entry. Going back takes a moment, and a second call in
      // that time (a repeated key, a click) would also leave the page.
      if (closed.current === key) return
      closed.current = key
      // Go back over the entry that the edit button added, so that Back does not open the
      // dialog again.
      if (state?.byPencil) void navigate(-1)
      else void navigate(page, { replace: true })
    },
    onClosed: () => {
      // Not if the dialog was opened again while it was fading out.
      if (!window.location.pathname.endsWith(dialogSuffix)) pencil.current?.focus()
    },
  }
}
