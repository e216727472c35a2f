import { useQuery } from '@apollo/client/react'
import { Alert, Anchor, Group, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from 'react-router'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'

const SharedMailboxes = graphql(`
  query SharedMailboxes {
    sharedMailboxes {
      users {
        id
        login
      }
    }
  }
`)

/** Names the users whose logins are the same mailbox. Shows nothing if there are none. */
export const SharedMailboxesAlert = () => {
  const { t } = useLocale()
  const { data } = useQuery(SharedMailboxes, { fetchPolicy: 'network-only' })
  const mailboxes = data?.sharedMailboxes ?? []
  if (mailboxes.length === 0) return null
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('users.sharedMailboxes.title')}
      style={{ overflowWrap: 'anywhere' }}
    >
      <Text size="sm">{t('users.sharedMailboxes.text')}</Text>
      <List size="sm" mt="xs">
        {mailboxes.map(({ users }) => (
          <List.Item key={users.map(({ id }) => id).join()}>
            <Group component="span" gap="md">
              {users.map(({ id, login }) => (
                <Anchor key={id} component={Link} to={`/account/users/${id}`} size="sm">
                  <bdi>{login}</bdi>
                </Anchor>
              ))}
            </Group>
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
