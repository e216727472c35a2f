import { Card, Group, Skeleton, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp, IconKey } from '@tabler/icons-react'
import { lazy, type MouseEvent, type ReactNode, Suspense } from 'react'
import { useLocation, useNavigate } from 'react-router'
import type { UserOrderField } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import table from '../ui/table.module.css'
import { RequiredChangeBadge, RoleBadge, StatusBadge } from './badges'
import badges from './badges.module.css'
import { columnMessages, orderOf, type UserColumn } from './columns'
import { addressOf, EditLink, type ListedUser, NameLink, SelectCheckbox } from './listed-user'
import { RowMenu } from './RowMenu'
import { SelectBox } from './SelectBox'
import { TimeAgo } from './TimeAgo'
import type { OptionalColumn } from './table-preferences'
import classes from './UsersPage.module.css'
import type { Selection } from './use-selection'
import type { UsersSearch } from './users-search'

const SecondFactors = lazy(() =>
  import('./SecondFactors').then(part => ({ default: part.SecondFactors })),
)

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

/**
 * Handlers with which a click anywhere on a row opens the profile, like a click on the name: in a new
 * tab with the middle button, or with the key for it. Text can still be selected.
 */
const useRowClick = (user: ListedUser) => {
  const navigate = useNavigate()
  const { search } = useLocation()
  const isElsewhere = ({ currentTarget, target }: MouseEvent<HTMLElement>): boolean => {
    // The dropdown of a menu is not within the row, but React reports its events here.
    if (!(target instanceof Element && currentTarget.contains(target))) return true
    // The page around the row can have the focus too.
    const control = target.closest('a, button, input, label, [tabindex]')
    return control !== null && currentTarget.contains(control)
  }
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
      return (
        <Suspense>
          <SecondFactors user={user} />
        </Suspense>
      )
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

/** One page of users, as a table. */
export const UsersTable = ({ users, columns, search, selection, onSort }: Props) => {
  const { t } = useLocale()
  const shown: readonly UserColumn[] = ['LOGIN', 'NAME', ...columns]
  return (
    <Card withBorder padding={0} className={table.scroll}>
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
  )
}
