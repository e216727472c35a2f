import { Navigate } from 'react-router'
import { useViewer } from '../sessions/use-viewer'

/** Leads to the first page of settings that the viewer may see, or to the home page. */
export const SettingsIndex = () => {
  const { viewer } = useViewer()
  const may = (permission: string) => viewer?.permissions.includes(permission) === true
  const page = may('settings.manage')
    ? '/account/settings/general'
    : may('webhooks.manage')
      ? '/account/settings/webhooks'
      : '/'
  return <Navigate to={page} replace />
}
