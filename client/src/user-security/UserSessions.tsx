import { useApolloClient } from '@apollo/client/react'
import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { SessionCard } from '../sessions/SessionCard'
import { FailureAlert } from '../ui/FailureAlert'
import { notifySuccess } from '../ui/notify'
import { returnFocus } from '../ui/return-focus'
import { useItemAction } from '../ui/use-item-action'
import { usePagedQuery } from '../ui/use-paged-query'
import { SignInDialogs } from '../users/SignInDialogs'
import { Section } from './Section'
import { SectionList } from './SectionList'

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
  const { data, ...pages } = usePagedQuery(UserSessionsDocument, {
    variables: { id: user.id },
    pageSize: 10,
  })
  const [signingOut, setSigningOut] = useState(false)
  const list = useRef<HTMLUListElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const { run, busyId, failure } = useItemAction(pages.refetch, list, heading)
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
      <SectionList
        label={t('user-security.sessions.title')}
        none={t('user-security.sessions.none')}
        connection={sessions}
        list={list}
        {...pages}
      >
        {session => (
          <SessionCard
            key={session.id}
            session={session}
            ending={busyId === session.id}
            onEnd={() => void run(session.id, () => end(session.id))}
          />
        )}
      </SectionList>
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
