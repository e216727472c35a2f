import { Anchor, Group, Input, Text } from '@mantine/core'
import { Link } from 'react-router'
import { graphql } from '../gql'
import type { UserSecondFactorsFragment } from '../gql/graphql'
import { formatList } from '../ui/formats'
import { methodNames } from './methods'

graphql(`
  fragment UserSecondFactors on User {
    id
    secondFactors {
      id
      method
    }
    mustEnrolSecondFactor
  }
`)

interface Props {
  user: UserSecondFactorsFragment
  /** True if the user is the viewer. */
  own: boolean
}

/** The second factors of a user; nothing if the viewer may not see them. */
export const SecondFactorRow = ({ user, own }: Props) => {
  if (user.secondFactors == null) return null
  const kinds = [...new Set(user.secondFactors.map(({ method }) => methodNames[method]))]
  return (
    <Input.Wrapper label="Second factor" labelElement="div">
      <Group gap="xs" mt={2}>
        <Text size="sm" {...(kinds.length === 0 ? { c: 'dimmed' } : {})}>
          {kinds.length > 0
            ? formatList(kinds)
            : user.mustEnrolSecondFactor
              ? 'None yet. The user must add one before anything else.'
              : 'None'}
        </Text>
        {own && (
          <Anchor component={Link} to="/account/me/security" size="sm">
            Manage
          </Anchor>
        )}
      </Group>
    </Input.Wrapper>
  )
}
