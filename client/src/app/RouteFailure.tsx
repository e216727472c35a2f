import { Box } from '@mantine/core'
import { useRouteError } from 'react-router'
import { PageFailure } from '../ui/PageFailure'

/** Shown in the place of a page that fails or whose files cannot be loaded. */
export const RouteFailure = () => {
  const failure = useRouteError()
  return (
    <Box maw={540} mx="auto" px="md" py="xl">
      <PageFailure failure={failure} isWholePage />
    </Box>
  )
}
