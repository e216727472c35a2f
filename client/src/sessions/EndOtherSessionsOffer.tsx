import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import { notifySuccess } from '../ui/notify'
import { EndOtherSessions } from './end-other-sessions'

const SessionCount = graphql(`
  query SessionCount {
    sessions(first: 1) {
      totalCount
    }
  }
`)

interface Props {
  /** The reason for the offer. */
  why: string
  onClose: () => void
}

/**
 * Offers to end all other sessions after sign-in became stricter, because old sessions did not pass
 * the new step. Shows nothing if there is no other session.
 */
export const EndOtherSessionsOffer = ({ why, onClose }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const [endOtherSessions, { loading }] = useMutation(EndOtherSessions)
  const { data } = useQuery(SessionCount, { fetchPolicy: 'network-only' })
  const [failure, setFailure] = useState<string | null>(null)
  const end = async () => {
    setFailure(null)
    try {
      const { data: answer } = await endOtherSessions()
      const count = answer?.endOtherSessions.count ?? 0
      notifySuccess(t('sessions.list.endedCount', { count }))
      onClose()
      // The page may also list the sessions.
      await client.refetchQueries({ include: 'active' })
    } catch (problem) {
      setFailure(describeFailure(t, problem))
    }
  }
  if ((data?.sessions.totalCount ?? 0) < 2) return null
  return (
    <Alert
      color="blue"
      role="status"
      title={t('sessions.endOthersOffer.title')}
      withCloseButton
      closeButtonLabel={t('sessions.endOthersOffer.dismiss')}
      onClose={onClose}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{why}</Text>
        <FailureAlert failure={failure} />
        <Button variant="default" size="sm" loading={loading} onClick={() => void end()}>
          {t('sessions.endOthersOffer.confirm')}
        </Button>
      </Stack>
    </Alert>
  )
}
