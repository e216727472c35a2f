import { Anchor, Code, Group, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { OperationsQuery } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { deviceWordsOf } from '../sessions/device-words'
import { CopyButton } from '../ui/CopyButton'
import classes from './OperationDetails.module.css'
import {
  actionMessages,
  actorInWords,
  changeRowsOf,
  outcomeMessages,
  reasonInWords,
  sourceInWords,
} from './operation-words'
import type { OperationsSearch } from './operations-search'

/** An operation as the list shows it. */
export type ListedOperation = OperationsQuery['operations']['nodes'][number]

/** Returns the address of the list with a filter; null if the viewer may not filter the list. */
export type FilterLink = ((change: Partial<OperationsSearch>) => string) | null

interface ItemProps {
  label: string
  children: ReactNode
}

const Item = ({ label, children }: ItemProps) => (
  <div className={classes.item}>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
)

/** A link that adds a filter to the list. */
const Only = ({ to, children }: { to: string | undefined; children: string }) =>
  to === undefined ? null : (
    <Anchor component={Link} to={to} size="xs" underline="always">
      {children}
    </Anchor>
  )

interface PersonProps {
  name: string
  /** Null if the user was deleted, or if the viewer may not see them. */
  user: ListedOperation['actor']
  filterLink: FilterLink
  /** The filter for this user. */
  filter: 'actor' | 'subject'
}

const Person = ({ name, user, filterLink, filter }: PersonProps) => {
  const { t } = useLocale()
  if (user == null) return <Text size="sm">{name}</Text>
  return (
    <>
      <Anchor component={Link} to={`/account/users/${user.id}`} size="sm" underline="always">
        {name}
      </Anchor>
      <Text size="xs" c="dimmed">
        <bdi>{user.login}</bdi>
      </Text>
      <Only to={filterLink?.({ [filter]: user.id })}>
        {filter === 'actor' ? t('operations.details.byUser') : t('operations.details.onUser')}
      </Only>
    </>
  )
}

/** The changes of an operation, with the values before and after. */
const Changes = ({ changes }: Pick<ListedOperation, 'changes'>) => {
  const locale = useLocale()
  const { t } = locale
  if (changes.length === 0) return null
  return (
    <div className={classes.changes}>
      <Table layout="fixed" withTableBorder>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('operations.details.property')}</Table.Th>
            <Table.Th>{t('operations.details.before')}</Table.Th>
            <Table.Th>{t('operations.details.after')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changeRowsOf(locale, changes).map(({ name, property, from, to }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{property}</Table.Th>
              {from === null && to === null ? (
                <Table.Td colSpan={2} c="dimmed">
                  {t('operations.details.notStored')}
                </Table.Td>
              ) : (
                <>
                  <Table.Td>{from ?? t('operations.details.none')}</Table.Td>
                  <Table.Td>{to ?? t('operations.details.none')}</Table.Td>
                </>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

interface Props {
  operation: ListedOperation
  filterLink: FilterLink
}

/** Everything that is recorded of an operation. */
export const OperationDetails = ({ operation, filterLink }: Props) => {
  const { t, formatExactly } = useLocale()
  const { ip, userAgent, apiTokenPrefix, number, hash, requestId, reason } = operation
  const hidden = ip === 'hidden'
  return (
    <div className={classes.details}>
      <dl className={classes.list}>
        <Item label={t('operations.table.when')}>
          <time dateTime={operation.at}>{formatExactly(operation.at)}</time>
        </Item>
        <Item label={t('operations.filter.action')}>
          {t(actionMessages[operation.action])}
          <Only to={filterLink?.({ action: operation.action })}>
            {t('operations.details.onlyAction')}
          </Only>
        </Item>
        <Item label={t('operations.table.outcome')}>
          {t(outcomeMessages[operation.outcome])}
          {reason != null && (
            <Text size="xs" c="dimmed">
              {reasonInWords(t, reason)}
            </Text>
          )}
        </Item>
        <Item label={t('operations.filter.actor')}>
          <Person
            name={actorInWords(t, operation)}
            user={operation.actor}
            filterLink={filterLink}
            filter="actor"
          />
        </Item>
        {operation.subjectName != null && (
          <Item label={t('operations.filter.subject')}>
            <Person
              name={operation.subjectName}
              user={operation.subject}
              filterLink={filterLink}
              filter="subject"
            />
          </Item>
        )}
        <Item label={t('operations.table.from')}>
          <bdi>{sourceInWords(t, ip)}</bdi>
          {!hidden && <Only to={filterLink?.({ ip })}>{t('operations.details.onlyAddress')}</Only>}
        </Item>
        {!hidden && (
          <Item label={t('operations.details.browser')}>
            {deviceWordsOf(t, userAgent).name}
            <Text size="xs" c="dimmed">
              <bdi>{userAgent}</bdi>
            </Text>
          </Item>
        )}
        {apiTokenPrefix != null && (
          <Item label={t('operations.filter.token')}>
            <Code>{apiTokenPrefix}…</Code>
            <Only to={filterLink?.({ token: apiTokenPrefix })}>
              {t('operations.details.onlyToken')}
            </Only>
          </Item>
        )}
        <Item label={t('operations.details.requestId')}>
          <Group gap="xs">
            <Code className={classes.code ?? ''}>{requestId}</Code>
            <CopyButton text={requestId} label={t('operations.details.copyRequestId')} />
          </Group>
        </Item>
        {number != null && hash != null && (
          <Item label={t('operations.details.chain')}>
            {t('operations.details.number', { number })}
            <Code className={classes.code ?? ''}>{hash}</Code>
          </Item>
        )}
      </dl>
      <Changes changes={operation.changes} />
    </div>
  )
}
