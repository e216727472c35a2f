import '@mantine/core/styles/Badge.css'
import { useMutation, useQuery } from '@apollo/client/react'
import { Alert, Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react'
import { useState } from 'react'
import { ConfirmDialog } from '../app/ConfirmDialog'
import { describeFailure } from '../app/describe-failure'
import { ItemCard, ItemList } from '../app/ItemCard'
import { LoadFailure } from '../app/LoadFailure'
import { notifySuccess } from '../app/notify'
import { PageButtons } from '../app/PageButtons'
import { usePages } from '../app/use-pages'
import { graphql } from '../gql'
import type { SessionsQuery } from '../gql/graphql'
import { TimeAgo } from '../users/TimeAgo'
import { deviceWordsOf } from './device-words'

const Sessions = graphql(`
  query Sessions($first: Int, $after: String, $last: Int, $before: String) {
    sessions(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        id
        ip
        userAgent
        createdAt
        lastSeenAt
        current
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`)

const EndSession = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    endSession(input: $input) {
      sessionId
      errors {
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

const EndOtherSessions = graphql(`
  mutation EndOtherSessions {
    endOtherSessions {
      count
      errors {
        message
      }
    }
  }
`)

type Session = SessionsQuery['sessions']['nodes'][number]

interface SessionItemProps {
  session: Session
  ending: boolean
  onEnd: () => void
}

const SessionItem = ({ session, ending, onEnd }: SessionItemProps) => {
  const { name, mobile } = deviceWordsOf(session.userAgent)
  return (
    <ItemCard
      Icon={mobile ? IconDeviceMobile : IconDeviceDesktop}
      name={name}
      title={session.userAgent}
      badge={
        session.current && (
          <Badge variant="light" radius="sm" tt="none" fw={600} autoContrast>
            This device
          </Badge>
        )
      }
      actions={
        !session.current && (
          <Button
            variant="default"
            size="xs"
            loading={ending}
            onClick={onEnd}
            aria-label={`End the session of ${name}, ${session.ip}`}
          >
            End
          </Button>
        )
      }
    >
      <Text size="sm" mt={4}>
        {session.ip}
      </Text>
      <Text size="sm" c="dimmed">
        Signed in <TimeAgo at={session.createdAt} />, last seen <TimeAgo at={session.lastSeenAt} />
      </Text>
    </ItemCard>
  )
}

const pageSize = 25

/** Where one is signed in, and the way to end it. */
export const SessionsTab = () => {
  const { variables, ways } = usePages(pageSize)
  const { data, previousData, error, refetch } = useQuery(Sessions, {
    variables,
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  const [endSession] = useMutation(EndSession)
  const [endOtherSessions] = useMutation(EndOtherSessions)
  const [ending, setEnding] = useState<string | null>(null)
  const [asked, setAsked] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const sessions = (data ?? previousData)?.sessions

  // Ended or not: what is shown is right again.
  const showAnew = () => refetch().catch(() => undefined)
  const endOne = async (session: Session) => {
    setFailure(null)
    setEnding(session.id)
    try {
      const { data: answer } = await endSession({ variables: { input: { sessionId: session.id } } })
      const [refusal] = answer?.endSession.errors ?? []
      if (refusal === undefined) notifySuccess('Session ended')
      else setFailure(refusal.message)
    } catch (problem) {
      setFailure(describeFailure(problem))
    }
    await showAnew()
    setEnding(null)
  }
  const endOthers = async () => {
    const { data: answer } = await endOtherSessions()
    const count = answer?.endOtherSessions.count ?? 0
    notifySuccess(count === 1 ? 'One session ended' : `${count} sessions ended`)
    await showAnew()
    return null
  }

  if (sessions === undefined) {
    return error === undefined ? (
      <Stack aria-busy="true" aria-label="Loading your sessions" maw={760}>
        <Skeleton height={74} />
        <Skeleton height={74} />
      </Stack>
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  return (
    <Stack gap="md" maw={760}>
      <Group justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {sessions.totalCount === 1
            ? 'You are signed in nowhere but here.'
            : `${sessions.totalCount} sessions`}
        </Text>
        <Button
          variant="default"
          color="red"
          disabled={sessions.totalCount < 2}
          onClick={() => setAsked(true)}
        >
          End all others
        </Button>
      </Group>
      {failure !== null && (
        <Alert color="red" icon={<IconAlertCircle />} role="alert">
          {failure}
        </Alert>
      )}
      <ItemList label="Sessions">
        {sessions.nodes.map(session => (
          <SessionItem
            key={session.id}
            session={session}
            ending={ending === session.id}
            onEnd={() => void endOne(session)}
          />
        ))}
      </ItemList>
      <PageButtons pageInfo={sessions.pageInfo} {...ways} />
      <Text size="sm" c="dimmed">
        If you don’t know one of them, end it and change your password.
      </Text>
      <ConfirmDialog
        opened={asked}
        title="End all other sessions?"
        confirm="End all others"
        danger
        onConfirm={endOthers}
        onClose={() => setAsked(false)}
      >
        <Text size="sm">
          You stay signed in here. Everywhere else you have to sign in again, and what was not saved
          there is lost.
        </Text>
      </ConfirmDialog>
    </Stack>
  )
}
