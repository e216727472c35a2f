import { useQuery } from '@apollo/client/react'
import { Anchor, Badge, Card, Group, Skeleton, Stack, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBan, IconCheck, IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useId, useRef } from 'react'
import { Link } from 'react-router'
import { graphql } from '../gql'
import type { OperationsQuery, OperationsQueryVariables } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { PageButtons } from '../ui/PageButtons'
import table from '../ui/table.module.css'
import { TimeAgo } from '../users/TimeAgo'
import { type FilterLink, type ListedOperation, OperationDetails } from './OperationDetails'
import classes from './OperationsTable.module.css'
import {
  actionMessages,
  actorInWords,
  changesInWords,
  outcomeMessages,
  reasonInWords,
  sourceInWords,
} from './operation-words'

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
        actor {
          id
          login
        }
        subject {
          id
          login
        }
        ip
        userAgent
        requestId
        number
        hash
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

const Outcome = ({ operation: { outcome, reason } }: { operation: ListedOperation }) => {
  const { t } = useLocale()
  const done = outcome === 'DONE'
  return (
    <Stack gap={2} align="flex-start">
      <Badge
        variant="light"
        color={done ? 'rekey' : 'red'}
        radius="sm"
        tt="none"
        fw={600}
        miw="max-content"
        autoContrast
        leftSection={done ? <IconCheck size={12} aria-hidden /> : <IconBan size={12} aria-hidden />}
      >
        {t(outcomeMessages[outcome])}
      </Badge>
      {reason != null && (
        <Text size="xs" c="dimmed">
          {reasonInWords(t, reason)}
        </Text>
      )}
    </Stack>
  )
}

interface OperationProps {
  operation: ListedOperation
  filterLink: FilterLink
}

/** The API token that was used, if one was. */
const Token = ({ operation: { apiTokenPrefix }, filterLink }: OperationProps) => {
  const { t } = useLocale()
  if (apiTokenPrefix == null) return null
  const shown = <bdi>{apiTokenPrefix}…</bdi>
  return (
    <Text component="span" display="block" size="xs" c="dimmed" title={t('operations.table.token')}>
      {filterLink === null ? (
        shown
      ) : (
        <Anchor
          component={Link}
          to={filterLink({ token: apiTokenPrefix })}
          inherit
          c="inherit"
          underline="always"
        >
          {shown}
        </Anchor>
      )}
    </Text>
  )
}

/** A user, as a link to their profile if the viewer may open it. */
const Person = ({ name, user }: { name: string; user: ListedOperation['actor'] }) =>
  user == null ? (
    <bdi>{name}</bdi>
  ) : (
    <Anchor
      component={Link}
      to={`/account/users/${user.id}`}
      inherit
      c="inherit"
      underline="always"
    >
      <bdi>{name}</bdi>
    </Anchor>
  )

/** The changes of an operation, below its action. */
const Changes = ({ operation: { changes } }: { operation: ListedOperation }) => {
  const locale = useLocale()
  return changesInWords(locale, changes).map(line => (
    <Text key={line} size="xs" c="dimmed" className={classes.change ?? ''}>
      {line}
    </Text>
  ))
}

interface ToggleProps {
  operation: ListedOperation
  opened: boolean
  /** The id of the element with the details. */
  details: string
  onToggle: () => void
}

/** The action, as a button that shows and hides the details. */
const Toggle = ({ operation, opened, details, onToggle }: ToggleProps) => {
  const { t } = useLocale()
  return (
    <UnstyledButton
      className={classes.toggle ?? ''}
      aria-expanded={opened}
      {...(opened ? { 'aria-controls': details } : {})}
      onClick={onToggle}
    >
      <IconChevronRight size={16} className={classes.chevron ?? ''} aria-hidden />
      {t(actionMessages[operation.action])}
    </UnstyledButton>
  )
}

const OperationRow = ({ operation, filterLink }: OperationProps) => {
  const { t } = useLocale()
  const details = useId()
  const [opened, { toggle }] = useDisclosure(false)
  return (
    <>
      <tr {...(opened ? { 'data-open': true } : {})}>
        <td>
          <TimeAgo at={operation.at} />
        </td>
        <td className={classes.name}>
          <Person name={actorInWords(t, operation)} user={operation.actor} />
          <Token operation={operation} filterLink={filterLink} />
        </td>
        <td className={classes.what}>
          <Toggle operation={operation} opened={opened} details={details} onToggle={toggle} />
          <Changes operation={operation} />
        </td>
        <td className={classes.name}>
          {operation.subjectName == null ? (
            <Text c="dimmed">–</Text>
          ) : (
            <Person name={operation.subjectName} user={operation.subject} />
          )}
        </td>
        <td>
          <Outcome operation={operation} />
        </td>
        <td>
          <bdi>{sourceInWords(t, operation.ip)}</bdi>
        </td>
      </tr>
      {opened && (
        <tr className={classes.open}>
          <td colSpan={headingMessages.length} id={details}>
            <OperationDetails operation={operation} filterLink={filterLink} />
          </td>
        </tr>
      )}
    </>
  )
}

const OperationCard = ({ operation, filterLink }: OperationProps) => {
  const { t } = useLocale()
  const details = useId()
  const [opened, { toggle }] = useDisclosure(false)
  const actor = <Person name={actorInWords(t, operation)} user={operation.actor} />
  return (
    <Card component="li" withBorder padding="sm" className={classes.card ?? ''}>
      <Group justify="space-between" align="flex-start" gap="0 var(--mantine-spacing-xs)">
        <Text component="div" fw={600}>
          <Toggle operation={operation} opened={opened} details={details} onToggle={toggle} />
        </Text>
        <Text component="div" size="sm" c="dimmed">
          <TimeAgo at={operation.at} />
        </Text>
      </Group>
      <Text size="sm">
        {operation.subjectName == null ? (
          actor
        ) : (
          <Message
            id="operations.card.actorAndSubject"
            values={{
              actor,
              subject: <Person name={operation.subjectName} user={operation.subject} />,
            }}
          />
        )}
      </Text>
      <Changes operation={operation} />
      <Group justify="space-between" align="flex-end" mt={4} gap="xs">
        <Outcome operation={operation} />
        <Text component="div" size="xs" c="dimmed" ta="end">
          <bdi>{sourceInWords(t, operation.ip)}</bdi>
          <Token operation={operation} filterLink={filterLink} />
        </Text>
      </Group>
      {opened && (
        <Card.Section withBorder inheritPadding={false} mt="sm" id={details}>
          <OperationDetails operation={operation} filterLink={filterLink} />
        </Card.Section>
      )}
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
  /** Adds filters to the list, for viewers who may see all operations. */
  filterLink: FilterLink
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
  filterLink,
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
            <table className={`${table.table} ${classes.list}`}>
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
                        filterLink={filterLink}
                      />
                    ))}
              </tbody>
            </table>
          </Card>
          <ItemList label={t('operations.page.title')} hiddenFrom="md">
            {operations === undefined
              ? skeletonKeys.map(key => <Skeleton component="li" key={key} height={96} />)
              : operations.nodes.map(operation => (
                  <OperationCard key={operation.id} operation={operation} filterLink={filterLink} />
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
