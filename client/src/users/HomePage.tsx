import { Navigate } from 'react-router'
import { useViewer } from '../sessions/use-viewer'

/** Redirects to the first page that the user may see. */
export const HomePage = () => {
  const { viewer } = useViewer()
  if (!viewer) return null
  const seesUsers = viewer.permissions.includes('users.read')
  return <Navigate to={seesUsers ? '/account/users' : '/account/me'} replace />
}
