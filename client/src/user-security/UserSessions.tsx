import { useApolloClient } from '@apollo/client/react'
import { Button, Skeleton, Text } from '@mantine/core'
import { useRef, useState } from 'react'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { SessionCard } from '../sessions/SessionCard'
import { FailureAlert } from '../ui/FailureAlert'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { notifySuccess } from '../ui/notify'
import { PageButtons } from '../ui/PageButtons'
import { returnFocus } from '../ui/return-focus'
import { useItemAction } from '../ui/use-item-action'
import { usePagedQuery } from '../ui/use-paged-query'
import { SignInDialogs } from '../users/SignInDialogs'
import { Section } from './Section'

const UserSessionsDocument = graphql(`
  query UserSessions($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    user(id: $id) {
      id
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
  }
`)

const EndUserSession = graphql(`
  mutation EndUserSession($input: EndUserSessionInput!) {
    endUserSession(input: $input) {
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

interface Props {
  user: { readonly id: string; readonly name: string; readonly login: string }
}

/** The sessions of another user, with buttons that end them. */
export const UserSessions = ({ user }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const { data, error, refetch, buttonProps } = usePagedQuery(UserSessionsDocument, {
    variables: { id: user.id },
    pageSize: 10,
  })
  const [signingOut, setSigningOut] = useState(false)
  const list = useRef<HTMLUListElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const { run, busyId, failure } = useItemAction(refetch, list, heading)
  const sessions = data?.user?.sessions

  const end = async (sessionId: string) => {
    const variables = { input: { userId: user.id, sessionId } }
    const { data: answer } = await client.mutate({ mutation: EndUserSession, variables })
    const [refusal] = answer?.endUserSession.errors ?? []
    if (refusal !== undefined) return refusal.message
    notifySuccess(t('sessions.list.ended'))
    return null
  }

  return (
    <Section
      title={t('user-security.sessions.title')}
      heading={heading}
      action={
        sessions != null &&
        sessions.totalCount > 0 && (
          <Button
            variant="default"
            size="xs"
            aria-haspopup="dialog"
            onClick={() => setSigningOut(true)}
          >
            {t('user-security.sessions.endAll')}
          </Button>
        )
      }
    >
      <FailureAlert failure={failure} />
      {sessions == null ? (
        error === undefined ? (
          <Skeleton height={74} aria-busy="true" aria-label={t('user-security.tab.loading')} />
        ) : (
          <LoadFailure failure={error} onRetry={() => void refetch()} />
        )
      ) : sessions.totalCount === 0 ? (
        <Text size="sm">{t('user-security.sessions.none')}</Text>
      ) : (
        <>
          <ItemList ref={list} label={t('user-security.sessions.title')}>
            {sessions.nodes.map(session => (
              <SessionCard
                key={session.id}
                session={session}
                ending={busyId === session.id}
                onEnd={() => void run(session.id, () => end(session.id))}
              />
            ))}
          </ItemList>
          <PageButtons list={list} pageInfo={sessions.pageInfo} {...buttonProps} />
        </>
      )}
      <SignInDialogs
        user={user}
        action={signingOut ? 'signOut' : null}
        onClose={() => {
          setSigningOut(false)
          // Its trusted devices end too.
          void client.refetchQueries({ include: 'active' })
          returnFocus(heading)
        }}
      />
    </Section>
  )
}
