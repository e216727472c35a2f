import { useQuery } from '@apollo/client/react'
import {
  Alert,
  Anchor,
  Button,
  Card,
  Group,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core'
import {
  IconArrowDown,
  IconArrowsSort,
  IconArrowUp,
  IconLock,
  IconSearch,
} from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { Link, useLocation, useSearchParams } from 'react-router'
import { isForbidden } from '../app/describe-failure'
import { FilterSelect } from '../app/FilterSelect'
import filters from '../app/filters.module.css'
import { LoadFailure } from '../app/LoadFailure'
import { PageButtons } from '../app/PageButtons'
import { PageTitle } from '../app/PageTitle'
import { graphql } from '../gql'
import type { UserOrderField, UsersQuery } from '../gql/graphql'
import { RoleBadge, roleNames, StatusBadge, statusNames } from './badges'
import { TimeAgo } from './TimeAgo'
import classes from './UsersPage.module.css'
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
        phone
        role
        status
        lastSignInAt
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
    <Table.Th aria-sort={!sorted ? 'none' : ascending ? 'ascending' : 'descending'}>
      <UnstyledButton className={classes.sort} onClick={() => onSort(field)}>
        {label}
        <Icon size={14} aria-hidden opacity={sorted ? 1 : 0.45} />
      </UnstyledButton>
    </Table.Th>
  )
}

const countInWords = ({ totalCount, totalCountExact }: UsersQuery['users']): string => {
  const count = totalCount.toLocaleString('en') + (totalCountExact ? '' : '+')
  return `${count} ${totalCount === 1 ? 'user' : 'users'}`
}

/** The way to a user's edit page; `from` leads back to this very page of the table. */
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

const UserRow = ({ user }: { user: ListedUser }) => (
  <Table.Tr>
    <Table.Td className={classes.text} title={user.login}>
      {user.login}
    </Table.Td>
    <Table.Td className={classes.text} style={{ fontWeight: 500 }} title={user.name}>
      {user.name}
    </Table.Td>
    <Table.Td style={{ whiteSpace: 'nowrap' }}>{user.phone ?? <Text c="dimmed">–</Text>}</Table.Td>
    <Table.Td>
      <RoleBadge role={user.role} />
    </Table.Td>
    <Table.Td>
      <StatusBadge status={user.status} />
    </Table.Td>
    <Table.Td>
      <TimeAgo at={user.lastSignInAt} />
    </Table.Td>
    <Table.Td ta="right">
      <EditLink user={user} />
    </Table.Td>
  </Table.Tr>
)

const UserCard = ({ user }: { user: ListedUser }) => (
  <Card component="li" withBorder padding="sm">
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div style={{ minWidth: 0 }}>
        <Text fw={600} truncate>
          {user.name}
        </Text>
        <Text size="sm" c="dimmed" truncate>
          {user.login}
        </Text>
        {user.phone != null && (
          <Text size="sm" c="dimmed">
            {user.phone}
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

const skeletonKeys = Array.from({ length: 8 }, (_, index) => `skeleton-${index}`)

/** The table of users. What it shows is kept in the address. */
export const UsersPage = () => {
  const [parameters, setParameters] = useSearchParams()
  const shown = readUsersSearch(parameters)
  const { data, previousData, error, loading, refetch } = useQuery(Users, {
    variables: variablesOf(shown),
    fetchPolicy: 'network-only',
  })
  const users = (data ?? previousData)?.users

  const show = (change: Partial<UsersSearch>, replace = false) =>
    // Another search or order begins at its first page.
    setParameters(writeUsersSearch({ ...shown, after: null, before: null, ...change }), { replace })
  const sortBy = (field: UserOrderField) =>
    show({
      sort: field,
      direction: shown.sort === field && shown.direction === 'ASC' ? 'DESC' : 'ASC',
    })

  const [typed, setTyped] = useState(shown.search)
  const sent = useRef(shown.search)
  useEffect(() => {
    // Back and forward bring another search along.
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
  }

  if (error !== undefined && isForbidden(error)) {
    return (
      <Stack>
        <PageTitle title="Users" />
        <Alert icon={<IconLock />} title="You may not see the list of users">
          Ask an administrator if you need to.
        </Alert>
      </Stack>
    )
  }

  const firstLoad = loading && users === undefined
  const stale = loading && !firstLoad
  const empty = users !== undefined && users.nodes.length === 0
  const { pageInfo } = users ?? {}

  return (
    <Stack gap="lg">
      <Group justify="space-between" align="baseline">
        <PageTitle title="Users" />
        <Text c="dimmed" size="sm" role="status" aria-live="polite">
          {users === undefined ? '' : countInWords(users)}
        </Text>
      </Group>
      <Group gap="sm" role="search" aria-label="Users" className={filters.filters}>
        <TextInput
          className={filters.search}
          aria-label="Search users"
          placeholder="Search by name or login"
          type="search"
          maxLength={200}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
        />
        <FilterSelect
          label="Status"
          names={statusNames}
          value={shown.status}
          onChange={status => show({ status })}
        />
        <FilterSelect
          label="Role"
          names={roleNames}
          value={shown.role}
          onChange={role => show({ role })}
        />
      </Group>

      {error !== undefined ? (
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
        <div aria-busy={loading} style={{ opacity: stale ? 0.6 : 1 }}>
          <Card withBorder padding={0} visibleFrom="lg">
            <Table.ScrollContainer minWidth={760}>
              <Table verticalSpacing="sm" horizontalSpacing="sm" highlightOnHover>
                <Table.Thead>
                  <Table.Tr>
                    {sortableColumns.map(([field, label]) => (
                      <SortableHeader
                        key={field}
                        label={label}
                        field={field}
                        search={shown}
                        onSort={sortBy}
                      />
                    ))}
                    <Table.Th ta="right">Actions</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {users === undefined
                    ? skeletonKeys.map(key => (
                        <Table.Tr key={key}>
                          <Table.Td colSpan={7}>
                            <Skeleton height={20} />
                          </Table.Td>
                        </Table.Tr>
                      ))
                    : users.nodes.map(user => <UserRow key={user.id} user={user} />)}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Card>
          <Stack component="ul" gap="xs" hiddenFrom="lg" className={classes.cards}>
            {users === undefined
              ? skeletonKeys.map(key => <Skeleton component="li" key={key} height={96} />)
              : users.nodes.map(user => <UserCard key={user.id} user={user} />)}
          </Stack>
          <PageButtons
            pageInfo={pageInfo}
            onPrevious={before => show({ before })}
            onNext={after => show({ after })}
          />
        </div>
      )}
    </Stack>
  )
}
