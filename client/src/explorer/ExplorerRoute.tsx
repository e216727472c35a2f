import { Alert, Stack } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useViewer } from '../sessions/use-viewer'
import { PageTitle } from '../ui/PageTitle'

/**
 * The explorer's address within the SPA: where those come who were signed out, and those
 * who may not explore. The explorer is no part of the SPA, so it is loaded anew.
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
      <Alert icon={<IconLock />} title="You may not open the API explorer">
        It takes the permission Explore the API. Whoever manages access can grant it to you.
      </Alert>
    </Stack>
  )
}
