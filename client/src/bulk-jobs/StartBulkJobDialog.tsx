import { useApolloClient, useMutation } from '@apollo/client/react'
import { Modal, Stack, Text } from '@mantine/core'
import { FormButtons } from '../forms/FormButtons'
import { FormTextField } from '../forms/FormTextField'
import { ServerForm } from '../forms/ServerForm'
import type { BulkAction, MatchingUsersInput } from '../gql/graphql'
import { MailNotice } from '../mail/MailNotice'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { FailureAlert } from '../ui/FailureAlert'
import { buttonMessages, effectMessages, questionMessages, StartBulkJob } from './bulk-job'

/** The users of a job to start, and their number. */
export interface BulkTarget {
  readonly count: number
  /** Either the ids, at most 100, or what finds the users. */
  readonly users: { readonly userIds: string[] } | { readonly matching: MatchingUsersInput }
}

/** The actions of which Rekey notifies the users by mail. */
const notifiedActions: readonly BulkAction[] = [
  'BLOCK',
  'REQUIRE_PASSWORD_CHANGE',
  'WITHDRAW_PASSWORD_CHANGE_REQUIREMENT',
  'SIGN_OUT',
]

interface Props {
  action: BulkAction
  target: BulkTarget
  opened: boolean
  onClose: () => void
  onStarted: (jobId: string) => void
}

/**
 * Asks before a job starts, with the number of its users. To delete them, the number must be typed.
 */
export const StartBulkJobDialog = ({ action, target, opened, onClose, onStarted }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const [start] = useMutation(StartBulkJob, { fetchPolicy: 'no-cache' })
  const { count, users } = target
  const isReady = ({ typedCount, reason }: { typedCount: string; reason: string }) => {
    if (action === 'BLOCK') return reason.trim() !== ''
    return action !== 'DELETE' || typedCount.replace(/\D/g, '') === String(count)
  }
  return (
    <Modal opened={opened} onClose={onClose} title={t(questionMessages[action], { count })}>
      <ServerForm
        initialValues={{ typedCount: '', reason: '' }}
        onSubmit={async ({ reason }) => {
          const given = action === 'BLOCK' ? { reason } : {}
          const input = { action, confirmedCount: count, ...users, ...given }
          const { data } = await start({ variables: { input } })
          const { job, errors } = data?.startBulkJob ?? {}
          if (job) onStarted(job.id)
          // The list now has another number of users.
          else await client.refetchQueries({ include: 'active' })
          return errors ?? []
        }}
      >
        {(refusal, form) => (
          <Stack gap="md">
            <FailureAlert failure={refusal} />
            <Text size="sm">{t(effectMessages[action])}</Text>
            {notifiedActions.includes(action) && <MailNotice />}
            <Text size="sm">{t('bulk-jobs.start.skips')}</Text>
            {action === 'BLOCK' && (
              <FormTextField
                name="reason"
                maxLength={500}
                label={t('bulk-jobs.start.reason')}
                description={t('bulk-jobs.start.reasonHint')}
                autoComplete="off"
                data-autofocus
              />
            )}
            {action === 'DELETE' && (
              <FormTextField
                name="typedCount"
                maxLength={20}
                inputMode="numeric"
                label={t('bulk-jobs.start.typedCount')}
                description={
                  <Message
                    id="bulk-jobs.start.typedCountHint"
                    values={{ b: c => <strong>{c}</strong>, count: String(count) }}
                  />
                }
                autoComplete="off"
                data-autofocus
              />
            )}
            <FormButtons
              submit={t(buttonMessages[action])}
              danger={action === 'BLOCK' || action === 'DELETE'}
              disabled={!isReady(form.values)}
              onCancel={onClose}
            />
          </Stack>
        )}
      </ServerForm>
    </Modal>
  )
}
