import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { describeFailure } from './describe-failure'

/**
 * Shown instead of data that could not be loaded: explains what happened and offers to try again.
 */
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
