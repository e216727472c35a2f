import { Alert, Stack } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useViewer } from '../sessions/use-viewer'
import { PageTitle } from '../ui/PageTitle'

/**
 * The address of the explorer within the SPA, for users who were signed out or who may not use the
 * explorer. The explorer is not part of the SPA, so it needs a new page load.
 */
export const ExplorerRoute = () => {
  const { viewer } = useViewer()
  const mayExplore = viewer?.permissions.includes('api.explore') === true
  useEffect(() => {
    if (mayExplore) window.location.replace('/explorer')
  }, [mayExplore])
  if (mayExplore) return <div aria-busy="true" />
  return (
    <Stack>
      <PageTitle title="API explorer" />
      <Alert icon={<IconLock />} title="You do not have permission to open the API explorer">
        It requires the permission Explore the API. Ask an administrator for it.
      </Alert>
    </Stack>
  )
}
