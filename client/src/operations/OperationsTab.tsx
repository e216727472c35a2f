import { Anchor, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { OperationsTable } from './OperationsTable'
import { readOperationsSearch, variablesOf } from './operations-search'

const everything = readOperationsSearch(new URLSearchParams())

interface Props {
  /** Whose profile it is. */
  userId: string
  name: string
  /** Whether the person may see the operations of everyone. */
  seesAll: boolean
}

/** What was done on one profile. */
export const OperationsTab = ({ userId, name, seesAll }: Props) => {
  const [place, setPlace] = useState<{ after: string | null; before: string | null }>({
    after: null,
    before: null,
  })
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        What was done on this profile.
        {seesAll && (
          <>
            {' '}
            <Anchor component={Link} to={`/account/operations?actor=${userId}`} size="sm">
              What {name} did
            </Anchor>
          </>
        )}
      </Text>
      <OperationsTable
        variables={variablesOf({ ...everything, subject: userId, ...place })}
        onPrevious={before => setPlace({ before, after: null })}
        onNext={after => setPlace({ after, before: null })}
      />
    </Stack>
  )
}
