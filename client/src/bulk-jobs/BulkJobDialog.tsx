import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
import { Button, Group, List, Modal, Progress, Skeleton, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { BulkJobFragment } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from '../ui/describe-failure'
import { useDialogTitle } from '../ui/document-title'
import { FailureAlert } from '../ui/FailureAlert'
import classes from './BulkJobDialog.module.css'
import {
  BulkJobQuery,
  buttonMessages,
  CancelBulkJob,
  handledOf,
  stopMessages,
  UnchangedUsers,
} from './bulk-job'

const lookEveryMs = 1_000

/** The users who were not changed, with the reasons. */
const Unchanged = ({ jobId }: { jobId: string }) => {
  const { t } = useLocale()
  const { data } = useQuery(UnchangedUsers, {
    variables: { id: jobId },
    fetchPolicy: 'network-only',
  })
  const users = data?.bulkJob?.users
  if (users === undefined || users.nodes.length === 0) return null
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {t('bulk-jobs.results.unchanged')}
      </Text>
      <List
        size="sm"
        spacing="xs"
        listStyleType="none"
        className={classes.users}
        aria-label={t('bulk-jobs.results.unchanged')}
      >
        {users.nodes.map(({ userId, user, message }) => (
          <List.Item key={userId}>
            <Text component="span" size="sm" fw={500}>
              {user?.name ?? t('bulk-jobs.results.deletedUser', { id: userId.slice(-6) })}
            </Text>
            <Text component="span" size="sm" c="dimmed" display="block">
              {message}
            </Text>
          </List.Item>
        ))}
      </List>
      {users.totalCount > users.nodes.length && (
        <Text size="sm" mt="xs">
          {t('bulk-jobs.results.more', { count: users.totalCount - users.nodes.length })}
        </Text>
      )}
    </div>
  )
}

const Counts = ({ job }: { job: BulkJobFragment }) => {
  const { t } = useLocale()
  return (
    <Text size="sm">
      {t('bulk-jobs.progress.counts', {
        done: job.done,
        refused: job.refused,
        skipped: job.skipped,
      })}
    </Text>
  )
}

interface Props {
  jobId: string
  opened: boolean
  onClose: () => void
}

/** Shows the progress of a job, and its results when it has ended. */
export const BulkJobDialog = ({ jobId, opened, onClose }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const { data, startPolling, stopPolling } = useQuery(BulkJobQuery, {
    variables: { id: jobId },
    fetchPolicy: 'network-only',
  })
  const [cancel, { loading }] = useMutation(CancelBulkJob)
  const [failure, setFailure] = useState<string | null>(null)
  const job = data?.bulkJob
  const hasEnded = job != null && job.finishedAt != null
  useEffect(() => {
    if (hasEnded || !opened) stopPolling()
    else startPolling(lookEveryMs)
    return stopPolling
  }, [hasEnded, opened, startPolling, stopPolling])
  useEffect(() => {
    if (hasEnded) void client.refetchQueries({ include: 'active' })
  }, [hasEnded, client])

  const stop = async () => {
    setFailure(null)
    try {
      const answer = await cancel({ variables: { input: { jobId } } })
      setFailure(answer.data?.cancelBulkJob.errors[0]?.message ?? null)
    } catch (problem) {
      setFailure(describeFailure(t, problem))
    }
  }
  const handled = job == null ? 0 : handledOf(job)
  const state = () => {
    if (job == null) return ''
    if (job.status === 'STOPPED') {
      return job.stopReason == null
        ? t('bulk-jobs.status.STOPPED')
        : t(stopMessages[job.stopReason])
    }
    return hasEnded
      ? t(job.status === 'CANCELLED' ? 'bulk-jobs.status.CANCELLED' : 'bulk-jobs.status.DONE')
      : t('bulk-jobs.status.RUNNING')
  }
  const title = job == null ? t('bulk-jobs.progress.title') : t(buttonMessages[job.action])
  useDialogTitle(opened ? title : null)

  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <Stack gap="md">
        <FailureAlert failure={failure} />
        <Text size="sm" role="status">
          {state()}
        </Text>
        {job == null ? (
          <Skeleton height={20} />
        ) : (
          <>
            <div>
              <Progress
                value={job.total === 0 ? 100 : (handled / job.total) * 100}
                aria-label={t('bulk-jobs.progress.title')}
                mb="xs"
              />
              <Text size="sm" fw={600}>
                {t('bulk-jobs.progress.handled', { handled, total: job.total })}
              </Text>
              <Counts job={job} />
            </div>
            {hasEnded && job.refused + job.skipped > 0 && <Unchanged jobId={job.id} />}
            {!hasEnded && (
              <Text size="sm" c="dimmed">
                {t('bulk-jobs.progress.continues')}
              </Text>
            )}
          </>
        )}
        <Group justify="flex-end">
          {job != null && !hasEnded && (
            <Button variant="default" loading={loading} onClick={() => void stop()}>
              {t('bulk-jobs.progress.cancel')}
            </Button>
          )}
          <Button onClick={onClose} data-autofocus>
            {hasEnded ? t('ui.button.done') : t('bulk-jobs.progress.close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
