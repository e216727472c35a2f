import { Button, Card, Group, Progress, Stack, Text } from '@mantine/core'
import { formatNumber } from '../ui/formats'

interface Props {
  label: string
  done: number
  all: number
  onStop?: () => void
}

/** The progress of a run in batches. */
export const Running = ({ label, done, all, onStop }: Props) => (
  <Card withBorder padding="lg">
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <Text size="sm" c="dimmed">
          {formatNumber(done)} of {formatNumber(all)}
        </Text>
      </Group>
      <Progress value={all === 0 ? 100 : (100 * done) / all} size="lg" aria-label={label} />
      {onStop !== undefined && (
        <Group justify="flex-end">
          <Button variant="default" onClick={onStop}>
            Stop
          </Button>
        </Group>
      )}
    </Stack>
  </Card>
)
