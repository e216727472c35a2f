import { Anchor, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { usePages } from '../ui/use-pages'
import { OperationsTable } from './OperationsTable'

interface Props {
  /** Whose profile it is. */
  userId: string
  name: string
  /** Whether it is the person's own. */
  own: boolean
  /** Whether the person may see the operations of everyone. */
  seesAll: boolean
}

/** What was done on one profile. */
export const OperationsTab = ({ userId, name, own, seesAll }: Props) => {
  const { variables, ways } = usePages(25)
  const profile = own ? 'your profile' : 'this profile'
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        What was done on {profile}.
        {seesAll && (
          <>
            {' '}
            <Anchor component={Link} to={`/account/operations?actor=${userId}`} size="sm">
              What {own ? 'you' : name} did
            </Anchor>
          </>
        )}
      </Text>
      <OperationsTable
        variables={{ ...variables, filter: { subjectId: userId } }}
        linksTokens={seesAll}
        none={{ title: `Nothing was done on ${profile} yet` }}
        {...ways}
      />
    </Stack>
  )
}
