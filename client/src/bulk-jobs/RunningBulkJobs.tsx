import { useQuery } from '@apollo/client/react'
import { Alert, Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { BulkJobDialog } from './BulkJobDialog'
import { buttonMessages, handledOf, NewestBulkJobs } from './bulk-job'

const lookEveryMs = 5_000

/** The unfinished jobs of the signed-in user, for example after a reload of the page. */
export const RunningBulkJobs = () => {
  const { t } = useLocale()
  const [shownId, setShownId] = useState<string | null>(null)
  const [opened, setOpened] = useState(false)
  const { data } = useQuery(NewestBulkJobs, {
    fetchPolicy: 'network-only',
    refetchOn: { windowFocus: true },
  })
  const running = (data?.bulkJobs.nodes ?? []).filter(({ finishedAt }) => finishedAt == null)
  // Polls only while something is running.
  useQuery(NewestBulkJobs, {
    fetchPolicy: 'network-only',
    pollInterval: lookEveryMs,
    skip: running.length === 0,
  })
  return (
    <>
      {running.map(job => (
        <Alert key={job.id} title={t(buttonMessages[job.action])}>
          <Group justify="space-between" gap="xs">
            <Text size="sm">
              {t('bulk-jobs.progress.handled', { handled: handledOf(job), total: job.total })}
            </Text>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setShownId(job.id)
                setOpened(true)
              }}
            >
              {t('bulk-jobs.running.show')}
            </Button>
          </Group>
        </Alert>
      ))}
      {shownId !== null && (
        <BulkJobDialog
          key={shownId}
          jobId={shownId}
          opened={opened}
          onClose={() => setOpened(false)}
        />
      )}
    </>
  )
}
