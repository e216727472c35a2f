import { Navigate } from 'react-router'
import { useViewer } from '../sessions/use-viewer'

/** Leads to one's own dialog: where password managers send people. */
export const OwnPasswordPage = () => {
  const { viewer } = useViewer()
  return viewer ? <Navigate to={`/account/users/${viewer.id}/change-password`} replace /> : null
}
