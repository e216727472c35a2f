import { useQuery } from '@apollo/client/react'
import { Alert, Anchor, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Fragment } from 'react'
import { Link } from 'react-router'
import { graphql } from '../gql'

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
  const { data } = useQuery(SharedMailboxes, { fetchPolicy: 'network-only' })
  const mailboxes = data?.sharedMailboxes ?? []
  if (mailboxes.length === 0) return null
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle aria-hidden />}
      title="Some users have the same mailbox"
      style={{ overflowWrap: 'anywhere' }}
    >
      <Text size="sm">
        These logins lead to one mailbox. Each user signs in with their own spelling. Change the
        login of one of them, or delete the profile that is not needed.
      </Text>
      <List size="sm" mt="xs">
        {mailboxes.map(({ users }) => (
          <List.Item key={users.map(({ id }) => id).join()}>
            {users.map(({ id, login }, index) => (
              <Fragment key={id}>
                {index > 0 && ', '}
                <Anchor component={Link} to={`/account/users/${id}`} size="sm">
                  {login}
                </Anchor>
              </Fragment>
            ))}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
