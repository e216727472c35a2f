import { Alert, Box, Button, Stack, Text } from '@mantine/core'

/** When a page breaks or its files can't be loaded: most often a newer version is out. */
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
