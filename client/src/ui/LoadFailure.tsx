import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconWifiOff } from '@tabler/icons-react'
import { useEffect, useEffectEvent } from 'react'
import { useLocale } from '../messages/use-locale'
import { onReachedAgain, Unreachable } from './connection'
import { describeFailure } from './describe-failure'
import { RequestIdCopy } from './RequestIdCopy'

/**
 * Shown instead of data that could not be loaded: explains what happened and offers to try again.
 * Without a connection it tries again by itself as soon as there is one.
 */
export const LoadFailure = ({ failure, onRetry }: { failure: unknown; onRetry: () => void }) => {
  const { t } = useLocale()
  const isUnreachable = failure instanceof Unreachable
  const retry = useEffectEvent(onRetry)
  useEffect(() => (isUnreachable ? onReachedAgain(() => retry()) : undefined), [isUnreachable])
  const message = describeFailure(t, failure)
  return (
    <Alert
      color={isUnreachable ? 'yellow' : 'red'}
      title={t('ui.loadFailure.title')}
      icon={isUnreachable ? <IconWifiOff /> : <IconAlertTriangle />}
      role="alert"
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{message}</Text>
        {isUnreachable && <Text size="sm">{t('ui.loadFailure.byItself')}</Text>}
        <Group gap="sm">
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('ui.loadFailure.retry')}
          </Button>
          <RequestIdCopy message={message} />
        </Group>
      </Stack>
    </Alert>
  )
}
