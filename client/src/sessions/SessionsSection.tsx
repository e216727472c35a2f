import { useMutation } from '@apollo/client/react'
import { Button, Skeleton, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'react-router'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { FailureAlert } from '../ui/FailureAlert'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { notifySuccess } from '../ui/notify'
import { PageButtons } from '../ui/PageButtons'
import { useItemAction } from '../ui/use-item-action'
import { usePagedQuery } from '../ui/use-paged-query'
import { Section } from '../user-security/Section'
import { EndOtherSessions } from './end-other-sessions'
import { SessionCard } from './SessionCard'

/** The part of an address that leads to the sessions on the page. */
const sessionsHash = '#sessions'

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

/** The user's own sessions, with buttons that end them. */
export const SessionsSection = () => {
  const { t } = useLocale()
  const { data, error, refetch, buttonProps } = usePagedQuery(Sessions)
  const [endSession] = useMutation(EndSession)
  const [endOtherSessions] = useMutation(EndOtherSessions)
  const [asked, setAsked] = useState(false)
  const list = useRef<HTMLUListElement>(null)
  const { run, showAnew, busyId, failure } = useItemAction(refetch, list)
  const sessions = data?.sessions
  const { hash } = useLocation()
  const heading = useRef<HTMLHeadingElement>(null)
  const loaded = sessions !== undefined
  // The section loads after the page, when the browser has already looked for it.
  useEffect(() => {
    if (loaded && hash === sessionsHash) heading.current?.focus()
  }, [loaded, hash])

  const endOne = async (sessionId: string) => {
    const { data: answer } = await endSession({ variables: { input: { sessionId } } })
    const [refusal] = answer?.endSession.errors ?? []
    if (refusal !== undefined) return refusal.message
    notifySuccess(t('sessions.list.ended'))
    return null
  }
  const endOthers = async () => {
    const { data: answer } = await endOtherSessions()
    const count = answer?.endOtherSessions.count ?? 0
    notifySuccess(t('sessions.list.endedCount', { count }))
    await showAnew()
    return null
  }

  if (sessions === undefined) {
    return error === undefined ? (
      <Skeleton height={200} aria-busy="true" aria-label={t('sessions.list.loading')} />
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  return (
    <Section
      title={t('sessions.list.label')}
      heading={heading}
      action={
        <Button
          variant="default"
          size="xs"
          disabled={sessions.totalCount < 2}
          onClick={() => setAsked(true)}
        >
          {t('sessions.list.endOthers')}
        </Button>
      }
    >
      <Text size="sm" c="dimmed" role="status">
        {t('sessions.list.count', { count: sessions.totalCount })}
      </Text>
      <FailureAlert failure={failure} />
      <ItemList ref={list} label={t('sessions.list.label')}>
        {sessions.nodes.map(session => (
          <SessionCard
            key={session.id}
            session={session}
            ending={busyId === session.id}
            onEnd={() => void run(session.id, () => endOne(session.id))}
          />
        ))}
      </ItemList>
      <PageButtons list={list} pageInfo={sessions.pageInfo} {...buttonProps} />
      <Text size="sm" c="dimmed">
        {t('sessions.list.hint')}
      </Text>
      <ConfirmDialog
        opened={asked}
        title={t('sessions.endOthers.title')}
        confirm={t('sessions.endOthers.confirm')}
        danger
        onConfirm={endOthers}
        onClose={() => setAsked(false)}
      >
        <Text size="sm">{t('sessions.endOthers.text')}</Text>
      </ConfirmDialog>
    </Section>
  )
}
