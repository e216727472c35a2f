import { NetworkStatus } from '@apollo/client'
import { useQuery } from '@apollo/client/react'
import {
  Alert,
  Button,
  Card,
  Group,
  Select,
  Stack,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconDownload, IconFilter, IconLock, IconSearch } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useEffectEvent, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { UserOrderField } from '../gql/graphql'
import { AddUserButtons } from '../invitations/AddUserButtons'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { isForbidden } from '../ui/describe-failure'
import { FilterSelect } from '../ui/FilterSelect'
import filters from '../ui/filters.module.css'
import { LoadFailure } from '../ui/LoadFailure'
import { PageButtons } from '../ui/PageButtons'
import { PageTitle } from '../ui/PageTitle'
import { useSearchShortcut } from '../ui/search-shortcut'
import { roleMessages, secondFactorFilterMessages, statusMessages } from './badges'
import { ColumnsButton } from './ColumnsButton'
import type { ListedUser } from './listed-user'
import { PasswordFilter } from './PasswordFilter'
import { SortSelect } from './SortSelect'
import { pageSizes, useTablePreferences } from './table-preferences'
import { UserCards } from './UserCards'
import classes from './UsersPage.module.css'
import { UsersTable } from './UsersTable'
import { type Selection, useSelection } from './use-selection'
import { queryOf } from './users-query'
import {
  exportAddressOf,
  firstRowOf,
  readUsersSearch,
  type UsersSearch,
  writeUsersSearch,
} from './users-search'

const SharedMailboxesAlert = lazy(() =>
  import('./SharedMailboxesAlert').then(part => ({ default: part.SharedMailboxesAlert })),
)

const RunningBulkJobs = lazy(() =>
  import('../bulk-jobs/RunningBulkJobs').then(part => ({ default: part.RunningBulkJobs })),
)

const ColumnsMenu = lazy(() =>
  import('./ColumnsMenu').then(part => ({ default: part.ColumnsMenu })),
)

const BulkActions = lazy(() =>
  import('./BulkActions').then(part => ({ default: part.BulkActions })),
)

/** The table of users. The address of the page contains its search, filters and order. */
export const UsersPage = () => {
  const { t, tag } = useLocale()
  const [parameters, setParameters] = useSearchParams()
  const shown = readUsersSearch(parameters)
  const { viewer } = useViewer()
  const [{ columns, pageSize }, changePreferences] = useTablePreferences(viewer?.id ?? '')
  const [choosesColumns, setChoosesColumns] = useState(false)
  const { query, variables } = queryOf(shown, { columns, pageSize })
  const isWide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false })
  const [showsFilters, setShowsFilters] = useState(false)
  const { role, status, password, passwordOlderThan, secondFactor } = shown
  const filterCount = [role, status, password ?? passwordOlderThan, secondFactor].filter(
    value => value !== null,
  ).length
  const permissions = viewer?.permissions ?? []
  const mayRead = permissions.includes('users.read')
  const { data, previousData, error, networkStatus, refetch } = useQuery(query, {
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
    setParameters(writeUsersSearch({ ...shown, after: null, before: null, row: null, ...change }), {
      replace,
    })
  const sortBy = (field: UserOrderField) =>
    show({
      sort: field,
      direction: shown.sort === field && shown.direction === 'ASC' ? 'DESC' : 'ASC',
    })

  const list = useRef<HTMLElement>(null)
  const [typed, setTyped] = useState(shown.search)
  const sent = useRef(shown.search)
  const searchField = useRef<HTMLInputElement>(null)
  const searchShortcut = useSearchShortcut(searchField)
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
    show({
      search: '',
      role: null,
      status: null,
      password: null,
      passwordOlderThan: null,
      secondFactor: null,
    })
    // The focused element disappears.
    searchField.current?.focus()
  }

  if (!mayRead || (error !== undefined && isForbidden(error))) {
    return (
      <Stack>
        <Group justify="space-between">
          <PageTitle title={t('users.table.title')} />
          {mayInvite && (
            <Group gap="sm">
              <AddUserButtons />
            </Group>
          )}
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
  const first =
    users === undefined
      ? null
      : firstRowOf({
          search: shown,
          shown: users.nodes.length,
          total: users.totalCountExact ? users.totalCount : null,
          hasPreviousPage: users.pageInfo.hasPreviousPage,
          hasNextPage: users.pageInfo.hasNextPage,
        })
  const range =
    users === undefined || first === null
      ? null
      : t(users.totalCountExact ? 'users.table.range' : 'users.table.rangeAtLeast', {
          from: first,
          to: first + users.nodes.length - 1,
          count: users.totalCount,
        })
  const total =
    users === undefined
      ? ''
      : t(users.totalCountExact ? 'users.table.count' : 'users.table.countAtLeast', {
          count: users.totalCount,
        })

  return (
    <Stack gap="lg" data-wide>
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
      <Stack gap="sm" role="search" aria-label={t('users.table.title')}>
        <Group gap="sm" className={filters.filters}>
          <TextInput
            {...searchShortcut}
            ref={searchField}
            className={`${filters.search} ${classes.search}`}
            aria-label={t('users.table.search')}
            placeholder={t('users.table.searchPlaceholder')}
            type="search"
            maxLength={200}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={typed}
            onChange={event => setTyped(event.currentTarget.value)}
          />
          <Group gap="sm">
            {!isWide && (
              <Button
                variant="default"
                leftSection={<IconFilter size={16} aria-hidden />}
                aria-expanded={showsFilters}
                aria-controls={showsFilters ? 'users-filters' : undefined}
                onClick={() => setShowsFilters(!showsFilters)}
              >
                {t('users.table.filters', { count: filterCount })}
              </Button>
            )}
            <Button
              component="a"
              href={exportAddressOf(shown, tag)}
              download
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {t('users.table.export')}
            </Button>
            {isWide &&
              (choosesColumns ? (
                <Suspense fallback={<ColumnsButton loading />}>
                  <ColumnsMenu
                    columns={columns}
                    onChange={next => changePreferences({ columns: next })}
                  />
                </Suspense>
              ) : (
                <ColumnsButton onClick={() => setChoosesColumns(true)} />
              ))}
            {mayInvite && <AddUserButtons />}
          </Group>
        </Group>
        {(isWide || showsFilters) && (
          <Group gap="sm" className={filters.filters} id="users-filters">
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
              label={t('users.table.secondFactorFilter')}
              any={t('users.filters.anySecondFactor')}
              names={secondFactorFilterMessages}
              value={shown.secondFactor}
              onChange={secondFactor => show({ secondFactor })}
            />
            <PasswordFilter value={shown} onChange={show} />
            {/* For screens on which the header of the table is hidden. */}
            {!isWide && (
              <div className={filters.search}>
                <SortSelect order={shown} onSort={show} />
              </div>
            )}
          </Group>
        )}
      </Stack>

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
          {isWide ? (
            <UsersTable
              users={users?.nodes}
              columns={columns}
              search={shown}
              selection={selection}
              onSort={sortBy}
            />
          ) : (
            <UserCards users={users?.nodes} selection={selection} />
          )}
          <Group justify="space-between" align="flex-end" gap="sm">
            <Group gap="sm" mt="md">
              <Text size="sm" c="dimmed">
                {range}
              </Text>
              <Select
                className={classes.pageSize ?? ''}
                size="xs"
                aria-label={t('users.table.pageSize')}
                data={pageSizes.map(size => ({
                  value: String(size),
                  label: t('users.table.perPage', { size }),
                }))}
                value={String(pageSize)}
                allowDeselect={false}
                onChange={size => {
                  changePreferences({ pageSize: pageSizes.find(one => String(one) === size) ?? 25 })
                  // The cursors are of pages of another size.
                  show({})
                }}
              />
            </Group>
            <PageButtons
              list={list}
              pageInfo={pageInfo}
              onPrevious={before =>
                show({
                  before,
                  row: first === null ? null : Math.max(first - pageSize, 1),
                })
              }
              onNext={after => show({ after, row: first === null ? null : first + pageSize })}
            />
          </Group>
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
