import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { describeFailure } from './describe-failure'

/** In place of what could not be loaded: what happened, and a way to try again. */
export const LoadFailure = ({ failure, onRetry }: { failure: unknown; onRetry: () => void }) => (
  <Alert color="red" title="This could not be loaded" icon={<IconAlertTriangle />} role="alert">
    <Stack gap="sm" align="flex-start">
      <Text size="sm">{describeFailure(failure)}</Text>
      <Button size="xs" variant="default" onClick={onRetry}>
        Retry
      </Button>
    </Stack>
  </Alert>
)
