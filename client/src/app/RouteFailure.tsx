import { Alert, Box, Button, Stack, Text } from '@mantine/core'

/**
 * Shown when a page fails or its files cannot be loaded, usually because a newer version was
 * deployed.
 */
export const RouteFailure = () => (
  <Box maw={540} mx="auto" px="md" py="xl">
    <Alert color="red" title="This page could not be shown" role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          Rekey may have been updated meanwhile. Reload the page to get the new version.
        </Text>
        <Button size="xs" variant="default" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </Stack>
    </Alert>
  </Box>
)
