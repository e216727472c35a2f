import { Anchor, Group, Input, Text } from '@mantine/core'
import { Link } from 'react-router'
import { graphql } from '../gql'
import type { UserSecondFactorsFragment } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { methodMessages } from './methods'

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
  const { t, formatList } = useLocale()
  if (user.secondFactors == null) return null
  const kinds = [...new Set(user.secondFactors.map(({ method }) => t(methodMessages[method])))]
  return (
    <Input.Wrapper label={t('second-factor.row.label')} labelElement="div">
      <Group gap="xs" mt={2}>
        <Text size="sm" {...(kinds.length === 0 ? { c: 'dimmed' } : {})}>
          {kinds.length > 0
            ? formatList(kinds)
            : user.mustEnrolSecondFactor
              ? t('second-factor.row.mustAdd')
              : t('second-factor.row.none')}
        </Text>
        {own && (
          <Anchor component={Link} to="/account/me/security" size="sm">
            {t('second-factor.row.manage')}
          </Anchor>
        )}
      </Group>
    </Input.Wrapper>
  )
}
