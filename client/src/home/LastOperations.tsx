import { useQuery } from '@apollo/client/react'
import { Skeleton, Stack, Text } from '@mantine/core'
import { graphql } from '../gql'
import type { LastOperationsQuery } from '../gql/graphql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { actionMessages, outcomeMessages } from '../operations/operation-words'
import { LoadFailure } from '../ui/LoadFailure'
import { StateBadge } from '../ui/StateBadge'
import { TimeAgo } from '../users/TimeAgo'
import { HomeCard } from './HomeCard'
import classes from './home.module.css'

const LastOperationsList = graphql(`
  query LastOperations {
    operations(first: 10) {
      nodes {
        id
        at
        action
        outcome
        actorName
        subjectName
      }
    }
  }
`)

type Operation = LastOperationsQuery['operations']['nodes'][number]

const Who = ({ operation: { actorName, subjectName } }: { operation: Operation }) => {
  const { t } = useLocale()
  const actor = <bdi>{actorName ?? t('operations.table.notSignedIn')}</bdi>
  if (subjectName == null || subjectName === actorName) return actor
  return <Message id="home.operations.onto" values={{ actor, subject: <bdi>{subjectName}</bdi> }} />
}

/** The last ten operations. */
export const LastOperations = () => {
  const { t } = useLocale()
  const { data, error, refetch } = useQuery(LastOperationsList, {
    fetchPolicy: 'cache-and-network',
    pollInterval: 60_000,
    refetchOn: { windowFocus: true },
  })
  const operations = data?.operations.nodes
  return (
    <HomeCard
      title={t('home.operations.title')}
      link={{ to: '/account/operations', label: t('home.operations.all') }}
    >
      {operations === undefined ? (
        error === undefined ? (
          <Stack aria-busy="true" aria-label={t('home.page.loading')}>
            <Skeleton height={40} />
            <Skeleton height={40} />
          </Stack>
        ) : (
          <LoadFailure failure={error} onRetry={() => void refetch()} />
        )
      ) : (
        <ul className={classes.list}>
          {operations.map(operation => (
            <li key={operation.id}>
              <span className={classes.what}>
                {t(actionMessages[operation.action])}{' '}
                {operation.outcome === 'REFUSED' && (
                  <StateBadge state="bad">{t(outcomeMessages[operation.outcome])}</StateBadge>
                )}
                <Text component="span" display="block" size="xs" c="dimmed">
                  <Who operation={operation} />
                </Text>
              </span>
              <Text size="sm" c="dimmed">
                <TimeAgo at={operation.at} />
              </Text>
            </li>
          ))}
        </ul>
      )}
    </HomeCard>
  )
}
