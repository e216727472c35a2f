import { Anchor, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { usePages } from '../ui/use-pages'
import { OperationsTable } from './OperationsTable'

interface Props {
  /** The user whose profile it is. */
  userId: string
  name: string
  /** True if it is the viewer's own profile. */
  own: boolean
  /** True if the viewer may see the operations of all users. */
  seesAll: boolean
}

/** The operations on one profile. */
export const OperationsTab = ({ userId, name, own, seesAll }: Props) => {
  const { variables, ways } = usePages(25)
  const profile = own ? 'your profile' : 'this profile'
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        Operations on {profile}.
        {seesAll && (
          <>
            {' '}
            <Anchor component={Link} to={`/account/operations?actor=${userId}`} size="sm">
              {own ? 'Operations by you' : `Operations by ${name}`}
            </Anchor>
          </>
        )}
      </Text>
      <OperationsTable
        variables={{ ...variables, filter: { subjectId: userId } }}
        linksTokens={seesAll}
        none={{ title: `No operations on ${profile} yet` }}
        {...ways}
      />
    </Stack>
  )
}
