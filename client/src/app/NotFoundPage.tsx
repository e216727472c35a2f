import { Anchor, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { PageTitle } from '../ui/PageTitle'

/** The page for an unknown address. */
export const NotFoundPage = () => (
  <Stack gap="sm" align="flex-start">
    <PageTitle title="There is nothing here" />
    <Text c="dimmed">The address may be mistyped, or the page has moved.</Text>
    <Anchor component={Link} to="/">
      Go to the start
    </Anchor>
  </Stack>
)
