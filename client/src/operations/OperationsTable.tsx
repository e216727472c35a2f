import { useQuery } from '@apollo/client/react'
import { Anchor, Badge, Card, Group, Skeleton, Stack, Text } from '@mantine/core'
import { type ReactNode, useRef } from 'react'
import { Link } from 'react-router'
import { graphql } from '../gql'
import type { OperationsQuery, OperationsQueryVariables } from '../gql/graphql'
import type { PlainMessageId, Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { PageButtons } from '../ui/PageButtons'
import table from '../ui/table.module.css'
import { TimeAgo } from '../users/TimeAgo'
import classes from './OperationsTable.module.css'
import { actionMessages, changesInWords, outcomeMessages, reasonInWords } from './operation-words'
import { tokenOperations } from './operations-search'

const Operations = graphql(`
  query Operations(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $filter: OperationFilter
  ) {
    operations(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      totalCount
      nodes {
        id
        at
        action
        outcome
        reason
        actorName
        subjectName
        ip
        userAgent
        apiTokenPrefix
        changes {
          name
          from
          to
        }
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

type ListedOperation = OperationsQuery['operations']['nodes'][number]

const actorOf = (t: Translate, { actorName }: ListedOperation): string =>
  actorName ?? t('operations.table.notSignedIn')

const Outcome = ({ operation }: { operation: ListedOperation }) => {
  const { t } = useLocale()
  return (
    <Stack gap={2} align="flex-start">
      <Badge
        variant="light"
        color={operation.outcome === 'DONE' ? 'rekey' : 'red'}
        radius="sm"
        tt="none"
        fw={600}
        miw="max-content"
        autoContrast
      >
        {t(outcomeMessages[operation.outcome])}
      </Badge>
      {operation.reason != null && (
        <Text size="xs" c="dimmed">
          {reasonInWords(t, operation.reason)}
        </Text>
      )}
    </Stack>
  )
}

interface OperationProps {
  operation: ListedOperation
  linksToken: boolean
}

/** The API token that was used, if one was. */
const Token = ({ operation: { apiTokenPrefix }, linksToken }: OperationProps) => {
  const { t } = useLocale()
  if (apiTokenPrefix == null) return null
  const shown = <bdi>{apiTokenPrefix}…</bdi>
  return (
    <Text component="span" display="block" size="xs" c="dimmed" title={t('operations.table.token')}>
      {linksToken ? (
        <Anchor
          component={Link}
          to={tokenOperations(apiTokenPrefix)}
          inherit
          c="inherit"
          underline="always"
        >
          {shown}
        </Anchor>
      ) : (
        shown
      )}
    </Text>
  )
}

/** The changes of an operation, below its action. */
const Changes = ({ operation: { changes } }: { operation: ListedOperation }) => {
  const locale = useLocale()
  return changesInWords(locale, changes).map(line => (
    <Text key={line} size="xs" c="dimmed" className={classes.change ?? ''}>
      {line}
    </Text>
  ))
}

const OperationRow = ({ operation, linksToken }: OperationProps) => {
  const { t } = useLocale()
  return (
    <tr>
      <td>
        <TimeAgo at={operation.at} />
      </td>
      <td className={classes.name}>
        {actorOf(t, operation)}
        <Token operation={operation} linksToken={linksToken} />
      </td>
      <td className={classes.what}>
        {t(actionMessages[operation.action])}
        <Changes operation={operation} />
      </td>
      <td className={classes.name}>{operation.subjectName ?? <Text c="dimmed">–</Text>}</td>
      <td>
        <Outcome operation={operation} />
      </td>
      <td title={operation.userAgent}>
        <bdi>{operation.ip}</bdi>
      </td>
    </tr>
  )
}

const OperationCard = ({ operation, linksToken }: OperationProps) => {
  const { t } = useLocale()
  const actor = actorOf(t, operation)
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" align="flex-start" gap="0 var(--mantine-spacing-xs)">
        <Text fw={600}>{t(actionMessages[operation.action])}</Text>
        <Text size="sm" c="dimmed">
          <TimeAgo at={operation.at} />
        </Text>
      </Group>
      <Text size="sm">
        {operation.subjectName == null
          ? actor
          : t('operations.card.actorAndSubject', { actor, subject: operation.subjectName })}
      </Text>
      <Changes operation={operation} />
      <Group justify="space-between" align="flex-end" mt={4} gap="xs">
        <Outcome operation={operation} />
        <Text component="div" size="xs" c="dimmed" ta="end">
          <bdi>{operation.ip}</bdi>
          <Token operation={operation} linksToken={linksToken} />
        </Text>
      </Group>
    </Card>
  )
}

interface ListStateProps {
  /** Undefined until they are loaded, and if loading failed. */
  operations: OperationsQuery['operations'] | undefined
  refused: ReactNode
  none: Props['none']
}

/** Shows the number of operations, or why there are none. */
const ListState = ({ operations, refused, none }: ListStateProps) => {
  const { t } = useLocale()
  if (refused !== undefined) {
    return (
      <Text c="dimmed" size="sm">
        {refused}
      </Text>
    )
  }
  if (operations === undefined) return null
  if (operations.nodes.length === 0) {
    return (
      <Card withBorder padding="xl" ta="center">
        <Text fw={600}>{none.title}</Text>
        {none.hint !== undefined && (
          <Text c="dimmed" size="sm" mt={4}>
            {none.hint}
          </Text>
        )}
      </Card>
    )
  }
  return (
    <Text c="dimmed" size="sm" mb="xs">
      {t('operations.list.count', { count: operations.totalCount })}
    </Text>
  )
}

interface Props {
  variables: OperationsQueryVariables
  /** Why nothing can be listed, if the filters are invalid. */
  refused?: ReactNode
  /** True if API tokens link to their operations, for viewers who may see them. */
  linksTokens: boolean
  /** The texts shown if there are no operations. */
  none: { readonly title: string; readonly hint?: string }
  /** @param before the cursor that ends the page. */
  onPrevious: (before: string | null) => void
  /** @param after the cursor that the page starts after. */
  onNext: (after: string | null) => void
}

const headingMessages = [
  'operations.table.when',
  'operations.table.who',
  'operations.table.what',
  'operations.table.subject',
  'operations.table.outcome',
  'operations.table.from',
] as const satisfies readonly PlainMessageId[]

const skeletonKeys = Array.from({ length: 6 }, (_, index) => `skeleton-${index}`)

/** A page of the operation list. */
export const OperationsTable = ({
  variables,
  refused,
  linksTokens,
  none,
  onPrevious,
  onNext,
}: Props) => {
  const { t } = useLocale()
  const list = useRef<HTMLElement>(null)
  const { data, previousData, error, loading, refetch } = useQuery(Operations, {
    variables,
    fetchPolicy: 'network-only',
    skip: refused !== undefined,
  })
  const operations = (data ?? previousData)?.operations
  const empty = operations?.nodes.length === 0
  const failed = refused === undefined && error !== undefined
  return (
    <section
      ref={list}
      aria-label={t('operations.page.title')}
      aria-busy={loading}
      style={{ opacity: loading && operations !== undefined ? 0.6 : 1 }}
    >
      {/* Always rendered: screen readers do not announce a region that appears with its text. */}
      <div role="status">
        <ListState operations={failed ? undefined : operations} refused={refused} none={none} />
      </div>
      {failed && <LoadFailure failure={error} onRetry={() => void refetch()} />}
      {refused === undefined && !failed && !empty && (
        <>
          <Card withBorder padding={0} visibleFrom="md" className={table.scroll ?? ''}>
            <table className={table.table}>
              <thead>
                <tr>
                  {headingMessages.map(heading => (
                    <th key={heading}>{t(heading)}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {operations === undefined
                  ? skeletonKeys.map(key => (
                      <tr key={key}>
                        <td colSpan={6}>
                          <Skeleton height={20} />
                        </td>
                      </tr>
                    ))
                  : operations.nodes.map(operation => (
                      <OperationRow
                        key={operation.id}
                        operation={operation}
                        linksToken={linksTokens}
                      />
                    ))}
              </tbody>
            </table>
          </Card>
          <ItemList label={t('operations.page.title')} hiddenFrom="md">
            {operations === undefined
              ? skeletonKeys.map(key => <Skeleton component="li" key={key} height={96} />)
              : operations.nodes.map(operation => (
                  <OperationCard
                    key={operation.id}
                    operation={operation}
                    linksToken={linksTokens}
                  />
                ))}
          </ItemList>
          <PageButtons
            list={list}
            pageInfo={operations?.pageInfo}
            onPrevious={onPrevious}
            onNext={onNext}
          />
        </>
      )}
    </section>
  )
}
