import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from './describe-failure'

/**
 * Shown instead of data that could not be loaded: explains what happened and offers to try again.
 */
export const LoadFailure = ({ failure, onRetry }: { failure: unknown; onRetry: () => void }) => {
  const { t } = useLocale()
  return (
    <Alert color="red" title={t('ui.loadFailure.title')} icon={<IconAlertTriangle />} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{describeFailure(t, failure)}</Text>
        <Button size="xs" variant="default" onClick={onRetry}>
          {t('ui.loadFailure.retry')}
        </Button>
      </Stack>
    </Alert>
  )
}
