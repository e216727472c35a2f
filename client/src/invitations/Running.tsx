import { Button, Card, Group, Progress, Stack, Text } from '@mantine/core'
import { useLocale } from '../messages/use-locale'

interface Props {
  label: string
  done: number
  all: number
  onStop?: () => void
}

/** The progress of a run in batches. */
export const Running = ({ label, done, all, onStop }: Props) => {
  const { t } = useLocale()
  return (
    <Card withBorder padding="lg">
      <Stack gap="sm">
        <Group justify="space-between">
          <Text size="sm" fw={600}>
            {label}
          </Text>
          <Text size="sm" c="dimmed">
            {t('invitations.running.progress', { done, all })}
          </Text>
        </Group>
        <Progress value={all === 0 ? 100 : (100 * done) / all} size="lg" aria-label={label} />
        {onStop !== undefined && (
          <Group justify="flex-end">
            <Button variant="default" onClick={onStop}>
              {t('invitations.running.stop')}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  )
}
