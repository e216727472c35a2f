import { useRef } from 'react'
import { useLocation, useNavigate } from 'react-router'

const suffix = '/change-password'

/** The address of a page without that of the dialog over it. */
export const withoutDialog = (path: string): string =>
  path.endsWith(suffix) ? path.slice(0, -suffix.length) : path

/**
 * The change dialog over a page: it has an address of its own, so that a link can
 * lead to it, and gives the focus back to the pencil.
 */
export const useChangePasswordDialog = () => {
  const { pathname, state } = useLocation() as ReturnType<typeof useLocation> & {
    state: { byPencil?: boolean } | null
  }
  const navigate = useNavigate()
  const pencil = useRef<HTMLButtonElement>(null)
  const page = withoutDialog(pathname)
  return {
    opened: page !== pathname,
    pencil,
    open: () => void navigate(page + suffix, { state: { ...state, byPencil: true } }),
    close: () => {
      // Back over what the pencil added, so that Back does not open the dialog again.
      if (state?.byPencil) void navigate(-1)
      else void navigate(page, { replace: true })
    },
    onClosed: () => {
      // Unless it was opened again while it was fading out.
      if (!window.location.pathname.endsWith(suffix)) pencil.current?.focus()
    },
  }
}
