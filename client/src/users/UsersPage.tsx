import { NetworkStatus } from '@apollo/client'
import { useQuery } from '@apollo/client/react'
import {
  Alert,
  Anchor,
  Box,
  Button,
  Card,
  Group,
  Skeleton,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
  VisuallyHidden,
} from '@mantine/core'
import { accessRefusalKeys } from '@rekey/shared/access'
import {
  IconArrowDown,
  IconArrowsSort,
  IconArrowUp,
  IconLock,
  IconSearch,
} from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useEffectEvent, useRef, useState } from 'react'
import { Link, useLocation, useSearchParams } from 'react-router'
import { graphql } from '../gql'
import type { UserOrderField, UsersQuery } from '../gql/graphql'
import { AddUserButtons } from '../invitations/AddUserButtons'
import type { PlainMessageId } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { isForbidden } from '../ui/describe-failure'
import { FilterSelect } from '../ui/FilterSelect'
import filters from '../ui/filters.module.css'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { PageButtons } from '../ui/PageButtons'
import { PageTitle } from '../ui/PageTitle'
import table from '../ui/table.module.css'
import {
  passwordFilterMessages,
  RequiredChangeBadge,
  RoleBadge,
  roleMessages,
  StatusBadge,
  statusMessages,
} from './badges'
import { SelectBox } from './SelectBox'
import { SortSelect } from './SortSelect'
import { TimeAgo } from './TimeAgo'
import classes from './UsersPage.module.css'
import { type Selection, useSelection } from './use-selection'
import { readUsersSearch, type UsersSearch, variablesOf, writeUsersSearch } from './users-search'

const Users = graphql(`
  query Users(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $search: String
    $filter: UserFilter
    $orderBy: UserOrder
  ) {
    users(
      first: $first
      after: $after
      last: $last
      before: $before
      search: $search
      filter: $filter
      orderBy: $orderBy
    ) {
      totalCount
      totalCountExact
      nodes {
        id
        login
        name
        phoneFormatted
        role
        status
        mustChangePassword
        lastSignInAt
        refusalToBlock
        refusalToChangeAccess
        refusalToDelete
        refusalToManageInvitation
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

type ListedUser = UsersQuery['users']['nodes'][number]

const columnMessages: readonly (readonly [UserOrderField, PlainMessageId])[] = [
  ['LOGIN', 'users.column.LOGIN'],
  ['NAME', 'users.column.NAME'],
  ['PHONE', 'users.column.PHONE'],
  ['ROLE', 'users.column.ROLE'],
  ['STATUS', 'users.column.STATUS'],
  ['LAST_SIGN_IN', 'users.column.LAST_SIGN_IN'],
]

interface SortableHeaderProps {
  label: string
  field: UserOrderField
  search: UsersSearch
  onSort: (field: UserOrderField) => void
}

const SortableHeader = ({ label, field, search, onSort }: SortableHeaderProps) => {
  const sorted = search.sort === field
  const ascending = search.direction === 'ASC'
  const Icon = !sorted ? IconArrowsSort : ascending ? IconArrowUp : IconArrowDown
  return (
    <th aria-sort={!sorted ? 'none' : ascending ? 'ascending' : 'descending'}>
      <UnstyledButton className={classes.sort} onClick={() => onSort(field)}>
        {label}
        <Icon size={14} aria-hidden opacity={sorted ? 1 : 0.45} />
      </UnstyledButton>
    </th>
  )
}

const SharedMailboxesAlert = lazy(() =>
  import('./SharedMailboxesAlert').then(part => ({ default: part.SharedMailboxesAlert })),
)

const RunningBulkJobs = lazy(() =>
  import('../bulk-jobs/RunningBulkJobs').then(part => ({ default: part.RunningBulkJobs })),
)

const BulkActions = lazy(() =>
  import('./BulkActions').then(part => ({ default: part.BulkActions })),
)

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

/** The link to a user's edit page; `from` leads back to this page of the table. */
const EditLink = ({ user }: { user: ListedUser }) => {
  const { t } = useLocale()
  const { search } = useLocation()
  return (
    <Anchor
      component={Link}
      to={`/account/users/${user.id}`}
      state={{ from: search }}
      size="sm"
      fw={500}
      aria-label={t('users.table.editUser', { name: user.name })}
    >
      {t('users.table.edit')}
    </Anchor>
  )
}

interface ListedProps {
  user: ListedUser
  /** Null if the viewer may perform no bulk action. */
  selection: Selection<ListedUser> | null
}

const Status = ({ user }: { user: ListedUser }) => (
  <Group gap={6}>
    <StatusBadge status={user.status} />
    {user.mustChangePassword && <RequiredChangeBadge />}
  </Group>
)

const UserRow = ({ user, selection }: ListedProps) => (
  <tr data-selected={selection?.has(user) || undefined}>
    {selection !== null && (
      <td>
        <SelectCheckbox user={user} selection={selection} />
      </td>
    )}
    <td className={classes.text} style={{ width: '26%' }} title={user.login}>
      <bdi>{user.login}</bdi>
    </td>
    <td className={classes.text} style={{ fontWeight: 500 }} title={user.name}>
      <bdi>{user.name}</bdi>
    </td>
    <td style={{ whiteSpace: 'nowrap' }}>
      {user.phoneFormatted == null ? <Text c="dimmed">–</Text> : <bdi>{user.phoneFormatted}</bdi>}
    </td>
    <td>
      <RoleBadge role={user.role} />
    </td>
    <td>
      <Status user={user} />
    </td>
    <td>
      <TimeAgo at={user.lastSignInAt} />
    </td>
    <td data-end>
      <EditLink user={user} />
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
          <Text fw={600}>{user.name}</Text>
          <Text size="sm" c="dimmed">
            <bdi>{user.login}</bdi>
          </Text>
          {user.phoneFormatted != null && (
            <Text size="sm" c="dimmed">
              <bdi>{user.phoneFormatted}</bdi>
            </Text>
          )}
        </div>
        <EditLink user={user} />
      </Group>
      <Group gap="xs" mt="xs">
        <RoleBadge role={user.role} />
        <Status user={user} />
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

/** The table of users. The address of the page contains its search, filters and order. */
export const UsersPage = () => {
  const { t } = useLocale()
  const [parameters, setParameters] = useSearchParams()
  const shown = readUsersSearch(parameters)
  const variables = variablesOf(shown)
  const permissions = useViewer().viewer?.permissions ?? []
  const mayRead = permissions.includes('users.read')
  const { data, previousData, error, networkStatus, refetch } = useQuery(Users, {
    variables,
    fetchPolicy: 'network-only',
    skip: !mayRead,
    refetchOn: { windowFocus: true },
  })
  const users = (data ?? previousData)?.users
  const bulk = {
    block: permissions.includes('users.manage'),
    changeRoles: permissions.includes('access.manage'),
    delete: permissions.includes('users.delete'),
    invite: permissions.includes('users.invite'),
  }
  const selected = useSelection<ListedUser>(bulk)
  const matching = { search: variables.search ?? null, filter: variables.filter ?? null }
  // For which search and filters all matching users are selected. Another search ends it.
  const [allFor, setAllFor] = useState<string | null>(null)
  const isAll = allFor === JSON.stringify(matching)
  const selection: Selection<ListedUser> | null = Object.values(bulk).some(Boolean)
    ? {
        ...selected,
        // To change the selection of one user ends the selection of all.
        toggle: user => {
          setAllFor(null)
          selected.toggle(user)
        },
        set: (listed, isSelected) => {
          setAllFor(null)
          selected.set(listed, isSelected)
        },
      }
    : null
  const mayInvite = permissions.includes('users.invite')
  // If a refetch in the background fails, the old data stays.
  const shownFor = JSON.stringify(variables)
  const loadedFor = useRef<string | null>(null)
  if (data !== undefined && networkStatus === NetworkStatus.ready) loadedFor.current = shownFor
  const failed = error !== undefined && (users === undefined || loadedFor.current !== shownFor)

  const show = (change: Partial<UsersSearch>, replace = false) =>
    // A new search or order starts at the first page.
    setParameters(writeUsersSearch({ ...shown, after: null, before: null, ...change }), { replace })
  const sortBy = (field: UserOrderField) =>
    show({
      sort: field,
      direction: shown.sort === field && shown.direction === 'ASC' ? 'DESC' : 'ASC',
    })

  const list = useRef<HTMLElement>(null)
  const [typed, setTyped] = useState(shown.search)
  const sent = useRef(shown.search)
  const searchField = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // Back and forward may change the search.
    if (shown.search !== sent.current) {
      sent.current = shown.search
      setTyped(shown.search)
    }
  }, [shown.search])
  // An event, because a filter may be chosen while the search waits.
  const search = useEffectEvent(() => {
    sent.current = typed
    show({ search: typed }, true)
  })
  useEffect(() => {
    if (typed === sent.current) return
    const timer = setTimeout(() => search(), 250)
    return () => clearTimeout(timer)
  }, [typed])

  const clear = () => {
    sent.current = ''
    setTyped('')
    show({ search: '', role: null, status: null, password: null })
    // The focused element disappears.
    searchField.current?.focus()
  }

  if (!mayRead || (error !== undefined && isForbidden(error))) {
    return (
      <Stack>
        <Group justify="space-between">
          <PageTitle title={t('users.table.title')} />
          {mayInvite && <AddUserButtons />}
        </Group>
        <Alert icon={<IconLock />} title={t('users.table.notAllowedTitle')}>
          {t('users.table.notAllowed')}
        </Alert>
      </Stack>
    )
  }

  // Not during a refetch: the shown data is almost always right, so it stays unchanged.
  const stale = networkStatus === NetworkStatus.setVariables && users !== undefined
  const empty = users !== undefined && users.nodes.length === 0
  const { pageInfo } = users ?? {}
  const isPageSelected = users?.nodes.every(
    user => selected.has(user) || selected.refusalOf(user) !== null,
  )
  const all =
    users?.totalCountExact && (isAll || (isPageSelected && users.totalCount > users.nodes.length))
      ? {
          count: users.totalCount,
          matching,
          selected: isAll,
          onSelect: () => setAllFor(JSON.stringify(matching)),
        }
      : null
  const total =
    users === undefined
      ? ''
      : t(users.totalCountExact ? 'users.table.count' : 'users.table.countAtLeast', {
          count: users.totalCount,
        })

  return (
    <Stack gap="lg">
      <Group justify="space-between" align="baseline">
        <PageTitle title={t('users.table.title')} />
        <Group gap="md">
          <Text c="dimmed" size="sm" role="status" aria-live="polite">
            {selected.users.length > 0 ? (
              <Message
                id="users.table.countAndSelected"
                values={{
                  users: total,
                  selected: selected.users.length,
                  hidden: c => <VisuallyHidden>{c}</VisuallyHidden>,
                }}
              />
            ) : (
              total
            )}
          </Text>
          {mayInvite && (
            <Box hiddenFrom="lg">
              <AddUserButtons />
            </Box>
          )}
        </Group>
      </Group>
      {bulk.block && (
        <Suspense>
          <SharedMailboxesAlert />
        </Suspense>
      )}
      {selection !== null && (
        <Suspense>
          <RunningBulkJobs />
        </Suspense>
      )}
      <Group gap="sm" role="search" aria-label={t('users.table.title')} className={filters.filters}>
        <TextInput
          ref={searchField}
          className={filters.search}
          aria-label={t('users.table.search')}
          placeholder={t('users.table.searchPlaceholder')}
          type="search"
          maxLength={200}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
        />
        <FilterSelect
          label={t('users.table.statusFilter')}
          any={t('users.filters.anyStatus')}
          names={statusMessages}
          value={shown.status}
          onChange={status => show({ status })}
        />
        <FilterSelect
          label={t('users.table.roleFilter')}
          any={t('users.filters.anyRole')}
          names={roleMessages}
          value={shown.role}
          onChange={role => show({ role })}
        />
        <FilterSelect
          label={t('users.table.passwordFilter')}
          any={t('users.filters.anyPassword')}
          names={passwordFilterMessages}
          value={shown.password}
          onChange={password => show({ password })}
        />
        {/* For screens on which the header of the table is hidden. */}
        <Box hiddenFrom="lg" className={filters.search}>
          <SortSelect order={shown} onSort={show} />
        </Box>
      </Group>

      {failed ? (
        <LoadFailure failure={error} onRetry={() => void refetch()} />
      ) : empty ? (
        <Card withBorder padding="xl" ta="center">
          <Text fw={600}>{t('users.table.emptyTitle')}</Text>
          <Text c="dimmed" size="sm" mt={4}>
            {t('users.table.empty')}
          </Text>
          <div>
            <Button variant="default" mt="md" onClick={clear}>
              {t('users.table.clear')}
            </Button>
          </div>
        </Card>
      ) : (
        <section
          ref={list}
          aria-label={t('users.table.title')}
          aria-busy={stale || users === undefined}
          style={{ opacity: stale ? 0.6 : 1 }}
        >
          <Card withBorder padding={0} visibleFrom="lg" className={table.scroll}>
            <table className={table.table} data-hover>
              <thead>
                <tr>
                  {selection !== null && (
                    <th style={{ width: 44 }}>
                      <PageCheckbox nodes={users?.nodes ?? []} selection={selection} />
                    </th>
                  )}
                  {columnMessages.map(([field, message]) => (
                    <SortableHeader
                      key={field}
                      label={t(message)}
                      field={field}
                      search={shown}
                      onSort={sortBy}
                    />
                  ))}
                  <th data-end>
                    {mayInvite ? (
                      <Group justify="flex-end" wrap="nowrap">
                        <VisuallyHidden>{t('users.column.actions')}</VisuallyHidden>
                        <AddUserButtons />
                      </Group>
                    ) : (
                      t('users.column.actions')
                    )}
                  </th>
                </tr>
              </thead>
              <tbody>
                {users === undefined
                  ? skeletonKeys.map(key => (
                      <tr key={key}>
                        <td colSpan={selection === null ? 7 : 8}>
                          <Skeleton height={20} />
                        </td>
                      </tr>
                    ))
                  : users.nodes.map(user => (
                      <UserRow key={user.id} user={user} selection={selection} />
                    ))}
              </tbody>
            </table>
          </Card>
          <ItemList label={t('users.table.title')} hiddenFrom="lg">
            {users === undefined
              ? skeletonKeys.map(key => <Skeleton component="li" key={key} height={96} />)
              : users.nodes.map(user => (
                  <UserCard key={user.id} user={user} selection={selection} />
                ))}
          </ItemList>
          <PageButtons
            list={list}
            pageInfo={pageInfo}
            onPrevious={before => show({ before })}
            onNext={after => show({ after })}
          />
        </section>
      )}
      {selection !== null && selection.users.length > 0 && (
        <Suspense>
          <BulkActions
            users={selection.users}
            all={all}
            may={bulk}
            onClear={() => {
              selection.clear()
              setAllFor(null)
              // The focused element disappears with the selection.
              document.getElementById('content')?.focus({ preventScroll: true })
            }}
          />
        </Suspense>
      )}
    </Stack>
  )
}
