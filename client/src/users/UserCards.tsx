import { Card, Group, Skeleton, Text } from '@mantine/core'
import { useLocale } from '../messages/use-locale'
import { ItemList } from '../ui/ItemList'
import { RequiredChangeBadge, RoleBadge, StatusBadge } from './badges'
import { Login } from './Login'
import { EditLink, type ListedUser, NameLink, SelectCheckbox } from './listed-user'
import { RowMenu } from './RowMenu'
import { TimeAgo } from './TimeAgo'
import classes from './UsersPage.module.css'
import type { Selection } from './use-selection'

interface CardProps {
  user: ListedUser
  /** Null if the viewer may perform no bulk action. */
  selection: Selection<ListedUser> | null
}

const UserCard = ({ user, selection }: CardProps) => {
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
            <Login login={user.login} />
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

const skeletonKeys = Array.from({ length: 8 }, (_, index) => `skeleton-${index}`)

interface Props {
  /** Undefined while they are loading. */
  users: readonly ListedUser[] | undefined
  /** Null if the viewer may perform no bulk action. */
  selection: Selection<ListedUser> | null
}

/** One page of users as cards, for screens that are too narrow for a table. */
export const UserCards = ({ users, selection }: Props) => {
  const { t } = useLocale()
  return (
    <ItemList label={t('users.table.title')}>
      {users === undefined
        ? skeletonKeys.map(key => <Skeleton component="li" key={key} height={96} />)
        : users.map(user => <UserCard key={user.id} user={user} selection={selection} />)}
    </ItemList>
  )
}
