import { useQuery } from '@apollo/client/react'
import { Anchor } from '@mantine/core'
import { Link } from 'react-router'
import { graphql } from '../gql'
import type { UserFilter } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { AffectedCount } from './AffectedCount'

const CountedUsers = graphql(`
  query CountedUsers($filter: UserFilter!) {
    users(first: 0, filter: $filter) {
      totalCount
      totalCountExact
    }
  }
`)

interface Props {
  filter: UserFilter
  /** The same filter in the address of the Users page. */
  search: string
  /** A sentence with the number of users; the second one is for a number that may be too small. */
  messages: readonly [
    'settings.affected.secondFactor' | 'settings.affected.password',
    'settings.affected.secondFactorAtLeast' | 'settings.affected.passwordAtLeast',
  ]
}

/** How many users a setting concerns, and a link to them. Nothing for a user who may not see users. */
export const AffectedUsers = ({ filter, search, messages: [exact, atLeast] }: Props) => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const seesUsers = viewer?.permissions.includes('users.read') === true
  const { data, error } = useQuery(CountedUsers, {
    variables: { filter },
    fetchPolicy: 'network-only',
    skip: !seesUsers,
  })
  if (!seesUsers) return null
  const count = data?.users.totalCount
  return (
    <AffectedCount failure={error}>
      {count === undefined ? undefined : (
        <>
          {t(data?.users.totalCountExact ? exact : atLeast, { count })}{' '}
          {count > 0 && (
            // In a new tab, because the form of this page is not saved.
            <Anchor
              component={Link}
              to={`/account/users?${search}`}
              target="_blank"
              size="sm"
              fw={500}
            >
              {t('settings.affected.show')}
            </Anchor>
          )}
        </>
      )}
    </AffectedCount>
  )
}
