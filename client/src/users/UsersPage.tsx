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
import {
  IconArrowDown,
  IconArrowsSort,
  IconArrowUp,
  IconLock,
  IconSearch,
} from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { Link, useLocation, useSearchParams } from 'react-router'
import { refusalInWords } from '../access/refusal-words'
import { graphql } from '../gql'
import type { UserOrderField, UsersQuery } from '../gql/graphql'
import { AddUserButtons } from '../invitations/AddUserButtons'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { isForbidden } from '../ui/describe-failure'
import { FilterSelect } from '../ui/FilterSelect'
import filters from '../ui/filters.module.css'
import { formatNumber } from '../ui/formats'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { PageButtons } from '../ui/PageButtons'
import { PageTitle } from '../ui/PageTitle'
import table from '../ui/table.module.css'
import { RoleBadge, roleNames, StatusBadge, statusNames } from './badges'
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
        lastSignInAt
        refusalToBlock
        refusalToChangeAccess
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

const sortableColumns: readonly (readonly [UserOrderField, string])[] = [
  ['LOGIN', 'Login'],
  ['NAME', 'Name'],
  ['PHONE', 'Phone'],
  ['ROLE', 'Role'],
  ['STATUS', 'Status'],
  ['LAST_SIGN_IN', 'Last sign-in'],
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

const countInWords = ({ totalCount, totalCountExact }: UsersQuery['users']): string => {
  const count = formatNumber(totalCount) + (totalCountExact ? '' : '+')
  return `${count} ${totalCount === 1 ? 'user' : 'users'}`
}

const SharedMailboxesAlert = lazy(() =>
  import('./SharedMailboxesAlert').then(part => ({ default: part.SharedMailboxesAlert })),
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
  const refusal = selection.refusalOf(user)
  const reason = refusal === null ? undefined : refusalInWords(refusal)
  return (
    <SelectBox
      label={`Select ${user.name}${reason === undefined ? '' : `. Not possible: ${reason}`}`}
      title={reason}
      disabled={refusal !== null}
      checked={selection.has(user)}
      onChange={() => selection.toggle(user)}
    />
  )
}

/** The link to a user's edit page; `from` leads back to this page of the table. */
const EditLink = ({ user }: { user: ListedUser }) => {
  const { search } = useLocation()
  return (
    <Anchor
      component={Link}
      to={`/account/users/${user.id}`}
      state={{ from: search }}
      size="sm"
      fw={500}
      aria-label={`Edit ${user.name}`}
    >
      Edit
    </Anchor>
  )
}

interface ListedProps {
  user: ListedUser
  /** Null if the viewer may perform no bulk action. */
  selection: Selection<ListedUser> | null
}

const UserRow = ({ user, selection }: ListedProps) => (
  <tr data-selected={selection?.has(user) || undefined}>
    {selection !== null && (
      <td>
        <SelectCheckbox user={user} selection={selection} />
      </td>
    )}
    <td className={classes.text} style={{ width: '26%' }} title={user.login}>
      {user.login}
    </td>
    <td className={classes.text} style={{ fontWeight: 500 }} title={user.name}>
      {user.name}
    </td>
    <td style={{ whiteSpace: 'nowrap' }}>{user.phoneFormatted ?? <Text c="dimmed">–</Text>}</td>
    <td>
      <RoleBadge role={user.role} />
    </td>
    <td>
      <StatusBadge status={user.status} />
    </td>
    <td>
      <TimeAgo at={user.lastSignInAt} />
    </td>
    <td data-end>
      <EditLink user={user} />
    </td>
  </tr>
)

const UserCard = ({ user, selection }: ListedProps) => (
  <Card component="li" withBorder padding="sm">
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      {selection !== null && <SelectCheckbox user={user} selection={selection} />}
      <div className={classes.who}>
        <Text fw={600}>{user.name}</Text>
        <Text size="sm" c="dimmed">
          {user.login}
        </Text>
        {user.phoneFormatted != null && (
          <Text size="sm" c="dimmed">
            {user.phoneFormatted}
          </Text>
        )}
      </div>
      <EditLink user={user} />
    </Group>
    <Group gap="xs" mt="xs">
      <RoleBadge role={user.role} />
      <StatusBadge status={user.status} />
      <Text size="xs" c="dimmed" ml="auto">
        <TimeAgo at={user.lastSignInAt} never="Never signed in" />
      </Text>
    </Group>
  </Card>
)

interface PageCheckboxProps {
  nodes: readonly ListedUser[]
  selection: Selection<ListedUser>
}

/** A checkbox that selects or deselects all selectable users on this page. */
const PageCheckbox = ({ nodes, selection }: PageCheckboxProps) => {
  const selectable = nodes.filter(user => selection.refusalOf(user) === null)
  const count = selectable.filter(user => selection.has(user)).length
  const all = count > 0 && count === selectable.length
  return (
    <SelectBox
      label="Select all on this page"
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
  }
  const selected = useSelection<ListedUser>(bulk)
  const selection = bulk.block || bulk.changeRoles ? selected : null
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing may start the clock.
  useEffect(() => {
    if (typed === sent.current) return
    const timer = setTimeout(() => {
      sent.current = typed
      show({ search: typed }, true)
    }, 250)
    return () => clearTimeout(timer)
  }, [typed])

  const clear = () => {
    sent.current = ''
    setTyped('')
    show({ search: '', role: null, status: null })
    // The focused element disappears.
    searchField.current?.focus()
  }

  if (!mayRead || (error !== undefined && isForbidden(error))) {
    return (
      <Stack>
        <Group justify="space-between">
          <PageTitle title="Users" />
          {mayInvite && <AddUserButtons />}
        </Group>
        <Alert icon={<IconLock />} title="You may not see the list of users">
          Ask an administrator if you need to.
        </Alert>
      </Stack>
    )
  }

  // Not during a refetch: the shown data is almost always right, so it stays unchanged.
  const stale = networkStatus === NetworkStatus.setVariables && users !== undefined
  const empty = users !== undefined && users.nodes.length === 0
  const { pageInfo } = users ?? {}

  return (
    <Stack gap="lg">
      <Group justify="space-between" align="baseline">
        <PageTitle title="Users" />
        <Group gap="md">
          <Text c="dimmed" size="sm" role="status" aria-live="polite">
            {users === undefined ? '' : countInWords(users)}
            {selected.users.length > 0 && (
              <VisuallyHidden>, {selected.users.length} selected</VisuallyHidden>
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
      <Group gap="sm" role="search" aria-label="Users" className={filters.filters}>
        <TextInput
          ref={searchField}
          className={filters.search}
          aria-label="Search users"
          placeholder="Search by name, login or phone"
          type="search"
          maxLength={200}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
        />
        <FilterSelect
          label="Status"
          any={t('users.filters.anyStatus')}
          names={statusNames}
          value={shown.status}
          onChange={status => show({ status })}
        />
        <FilterSelect
          label="Role"
          any={t('users.filters.anyRole')}
          names={roleNames}
          value={shown.role}
          onChange={role => show({ role })}
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
          <Text fw={600}>No users match</Text>
          <Text c="dimmed" size="sm" mt={4}>
            Try another word, or fewer filters.
          </Text>
          <div>
            <Button variant="default" mt="md" onClick={clear}>
              Clear search and filters
            </Button>
          </div>
        </Card>
      ) : (
        <section
          ref={list}
          aria-label="Users"
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
                  {sortableColumns.map(([field, label]) => (
                    <SortableHeader
                      key={field}
                      label={label}
                      field={field}
                      search={shown}
                      onSort={sortBy}
                    />
                  ))}
                  <th data-end>
                    {mayInvite ? (
                      <Group justify="flex-end" wrap="nowrap">
                        <VisuallyHidden>Actions</VisuallyHidden>
                        <AddUserButtons />
                      </Group>
                    ) : (
                      'Actions'
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
          <ItemList label="Users" hiddenFrom="lg">
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
            may={bulk}
            onClear={() => {
              selection.clear()
              // The focused element disappears with the selection.
              document.getElementById('content')?.focus({ preventScroll: true })
            }}
          />
        </Suspense>
      )}
    </Stack>
  )
}
