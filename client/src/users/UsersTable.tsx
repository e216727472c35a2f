import { Anchor, Card, Group, Skeleton, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { accessRefusalKeys } from '@rekey/shared/access'
import { IconArrowDown, IconArrowsSort, IconArrowUp, IconKey } from '@tabler/icons-react'
import type { MouseEvent, ReactNode } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import type { UserOrderField, UsersQuery } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { methodMessages } from '../second-factor/methods'
import { ItemList } from '../ui/ItemList'
import table from '../ui/table.module.css'
import { RequiredChangeBadge, RoleBadge, StatusBadge } from './badges'
import badges from './badges.module.css'
import { columnMessages, orderOf, type UserColumn } from './columns'
import { RowMenu } from './RowMenu'
import { SelectBox } from './SelectBox'
import { TimeAgo } from './TimeAgo'
import type { OptionalColumn } from './table-preferences'
import classes from './UsersPage.module.css'
import type { Selection } from './use-selection'
import type { UsersSearch } from './users-search'

/** A user in the table. */
export type ListedUser = UsersQuery['users']['nodes'][number]

interface HeaderProps {
  column: UserColumn
  search: UsersSearch
  onSort: (field: UserOrderField) => void
}

const columnProps = (column: UserColumn) => ({ 'data-column': column.toLowerCase() })

const Header = ({ column, search, onSort }: HeaderProps) => {
  const { t } = useLocale()
  const label = t(columnMessages[column])
  const field = orderOf(column)
  if (field === null) return <th {...columnProps(column)}>{label}</th>
  const sorted = search.sort === field
  const ascending = search.direction === 'ASC'
  const Icon = !sorted ? IconArrowsSort : ascending ? IconArrowUp : IconArrowDown
  return (
    <th
      {...columnProps(column)}
      aria-sort={!sorted ? 'none' : ascending ? 'ascending' : 'descending'}
    >
      <UnstyledButton className={classes.sort} onClick={() => onSort(field)}>
        {label}
        <Icon size={14} aria-hidden opacity={sorted ? 1 : 0.45} />
      </UnstyledButton>
    </th>
  )
}

interface SelectCheckboxProps {
  user: ListedUser
  selection: Selection<ListedUser>
}

/** A checkbox that selects a user. It is disabled if no bulk action on the user is allowed. */
const SelectCheckbox = ({ user, selection }: SelectCheckboxProps) => {
  const { t } = useLocale()
  const refusal = selection.refusalOf(user)
  const reason = refusal === null ? undefined : t(accessRefusalKeys[refusal])
  return (
    <SelectBox
      label={
        reason === undefined
          ? t('users.table.select', { name: user.name })
          : t('users.table.selectRefused', { name: user.name, reason })
      }
      title={reason}
      disabled={refusal !== null}
      checked={selection.has(user)}
      onChange={() => selection.toggle(user)}
    />
  )
}

const addressOf = (user: ListedUser): string => `/account/users/${user.id}`

/** The link to a user's edit page; `from` leads back to this page of the table. */
const EditLink = ({ user }: { user: ListedUser }) => {
  const { t } = useLocale()
  const { search } = useLocation()
  return (
    <Anchor
      component={Link}
      to={addressOf(user)}
      state={{ from: search }}
      size="sm"
      fw={500}
      aria-label={t('users.table.editUser', { name: user.name })}
    >
      {t('users.table.edit')}
    </Anchor>
  )
}

/** The name, as a link to the profile. */
const NameLink = ({ user }: { user: ListedUser }) => {
  const { search } = useLocation()
  return (
    <Link className={classes.name} to={addressOf(user)} state={{ from: search }}>
      <bdi>{user.name}</bdi>
    </Link>
  )
}

/**
 * Handlers with which a click anywhere on a row opens the profile, like a click on the name: in a new
 * tab with the middle button, or with the key for it. Text can still be selected.
 */
const useRowClick = (user: ListedUser) => {
  const navigate = useNavigate()
  const { search } = useLocation()
  const isElsewhere = ({ currentTarget, target }: MouseEvent<HTMLElement>): boolean =>
    !(target instanceof Element) ||
    // The dropdown of a menu is not within the row, but React reports its events here.
    !currentTarget.contains(target) ||
    target.closest('a, button, input, label, [tabindex]') !== null
  const openTab = () => window.open(addressOf(user), '_blank', 'noopener')
  return {
    onClick: (event: MouseEvent<HTMLElement>) => {
      if (isElsewhere(event) || getSelection()?.isCollapsed === false) return
      if (event.metaKey || event.ctrlKey || event.shiftKey) openTab()
      else void navigate(addressOf(user), { state: { from: search } })
    },
    onMouseDown: (event: MouseEvent<HTMLElement>) => {
      // Otherwise the page would begin to scroll.
      if (event.button === 1 && !isElsewhere(event)) event.preventDefault()
    },
    onAuxClick: (event: MouseEvent<HTMLElement>) => {
      if (event.button === 1 && !isElsewhere(event)) openTab()
    },
  }
}

interface ListedProps {
  user: ListedUser
  /** Null if the viewer may perform no bulk action. */
  selection: Selection<ListedUser> | null
}

interface RowProps extends ListedProps {
  columns: readonly OptionalColumn[]
}

const None = () => (
  <Text component="span" size="sm" c="dimmed">
    –
  </Text>
)

const SecondFactors = ({ user }: { user: ListedUser }) => {
  const { t, formatList } = useLocale()
  if (user.secondFactors == null) return <None />
  const methods = [...new Set(user.secondFactors.map(({ method }) => method))]
  if (methods.length === 0) return t('users.secondFactor.noneShort')
  return formatList(methods.map(method => t(methodMessages[method])))
}

/** A small badge, so that all rows are equally high. */
const RequiredChangeIcon = () => {
  const { t } = useLocale()
  const text = t('users.password.mustChange')
  return (
    <span className={badges.icon} title={text}>
      <IconKey size={12} aria-hidden />
      <VisuallyHidden>{text}</VisuallyHidden>
    </span>
  )
}

const contentOf = (
  column: OptionalColumn,
  user: ListedUser,
  columns: readonly OptionalColumn[],
): ReactNode => {
  switch (column) {
    case 'PHONE':
      return user.phoneFormatted == null ? <None /> : <bdi>{user.phoneFormatted}</bdi>
    case 'ROLE':
      return <RoleBadge role={user.role} />
    case 'STATUS':
      return (
        <Group gap={6} wrap="nowrap">
          <StatusBadge status={user.status} />
          {user.mustChangePassword && !columns.includes('MUST_CHANGE') && <RequiredChangeIcon />}
        </Group>
      )
    case 'LAST_SIGN_IN':
      return <TimeAgo at={user.lastSignInAt} />
    case 'ADDED':
      return <TimeAgo at={user.createdAt} />
    case 'SECOND_FACTOR':
      return <SecondFactors user={user} />
    case 'PASSWORD_AGE':
      return user.passwordChangedAt == null ? <None /> : <TimeAgo at={user.passwordChangedAt} />
    case 'MUST_CHANGE':
      return user.mustChangePassword ? <RequiredChangeBadge /> : <None />
  }
}

const UserRow = ({ user, selection, columns }: RowProps) => (
  // For the keyboard, the name is a link.
  <tr
    className={classes.row}
    data-selected={selection?.has(user) || undefined}
    {...useRowClick(user)}
  >
    {selection !== null && (
      <td>
        <SelectCheckbox user={user} selection={selection} />
      </td>
    )}
    <td className={classes.text} {...columnProps('LOGIN')} title={user.login}>
      <bdi>{user.login}</bdi>
    </td>
    <td className={classes.text} {...columnProps('NAME')} title={user.name}>
      <NameLink user={user} />
    </td>
    {columns.map(column => (
      <td key={column} {...columnProps(column)}>
        {contentOf(column, user, columns)}
      </td>
    ))}
    <td data-end>
      <Group gap={4} justify="flex-end" wrap="nowrap">
        <EditLink user={user} />
        <RowMenu user={user} />
      </Group>
    </td>
  </tr>
)

const UserCard = ({ user, selection }: ListedProps) => {
  const { t } = useLocale()
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        {selection !== null && <SelectCheckbox user={user} selection={selection} />}
        <div className={classes.who}>
          <Text fw={600}>
            <NameLink user={user} />
          </Text>
          <Text size="sm" c="dimmed">
            <bdi>{user.login}</bdi>
          </Text>
          {user.phoneFormatted != null && (
            <Text size="sm" c="dimmed">
              <bdi>{user.phoneFormatted}</bdi>
            </Text>
          )}
        </div>
        <Group gap={4} wrap="nowrap">
          <EditLink user={user} />
          <RowMenu user={user} />
        </Group>
      </Group>
      <Group gap="xs" mt="xs">
        <RoleBadge role={user.role} />
        <Group gap={6}>
          <StatusBadge status={user.status} />
          {user.mustChangePassword && <RequiredChangeBadge />}
        </Group>
        <Text size="xs" c="dimmed" ms="auto">
          <TimeAgo at={user.lastSignInAt} never={t('users.table.neverSignedIn')} />
        </Text>
      </Group>
    </Card>
  )
}

interface PageCheckboxProps {
  nodes: readonly ListedUser[]
  selection: Selection<ListedUser>
}

/** A checkbox that selects or deselects all selectable users on this page. */
const PageCheckbox = ({ nodes, selection }: PageCheckboxProps) => {
  const { t } = useLocale()
  const selectable = nodes.filter(user => selection.refusalOf(user) === null)
  const count = selectable.filter(user => selection.has(user)).length
  const all = count > 0 && count === selectable.length
  return (
    <SelectBox
      label={t('users.table.selectPage')}
      disabled={selectable.length === 0}
      checked={all}
      mixed={count > 0 && !all}
      onChange={() => selection.set(selectable, !all)}
    />
  )
}

const skeletonKeys = Array.from({ length: 8 }, (_, index) => `skeleton-${index}`)

interface Props {
  /** Undefined while they are loading. */
  users: readonly ListedUser[] | undefined
  columns: readonly OptionalColumn[]
  search: UsersSearch
  /** Null if the viewer may perform no bulk action. */
  selection: Selection<ListedUser> | null
  onSort: (field: UserOrderField) => void
}

/** One page of users: a table, or cards on narrow screens. */
export const UsersTable = ({ users, columns, search, selection, onSort }: Props) => {
  const { t } = useLocale()
  const shown: readonly UserColumn[] = ['LOGIN', 'NAME', ...columns]
  return (
    <>
      <Card withBorder padding={0} visibleFrom="md" className={table.scroll}>
        <table className={table.table} data-hover>
          <thead>
            <tr>
              {selection !== null && (
                <th style={{ width: 44 }}>
                  <PageCheckbox nodes={users ?? []} selection={selection} />
                </th>
              )}
              {shown.map(column => (
                <Header key={column} column={column} search={search} onSort={onSort} />
              ))}
              <th data-end>{t('users.column.actions')}</th>
            </tr>
          </thead>
          <tbody>
            {users === undefined
              ? skeletonKeys.map(key => (
                  <tr key={key} className={classes.row}>
                    <td colSpan={shown.length + (selection === null ? 1 : 2)}>
                      <Skeleton height={20} />
                    </td>
                  </tr>
                ))
              : users.map(user => (
                  <UserRow key={user.id} user={user} selection={selection} columns={columns} />
                ))}
          </tbody>
        </table>
      </Card>
      <ItemList label={t('users.table.title')} hiddenFrom="md">
        {users === undefined
          ? skeletonKeys.map(key => <Skeleton component="li" key={key} height={96} />)
          : users.map(user => <UserCard key={user.id} user={user} selection={selection} />)}
      </ItemList>
    </>
  )
}
