import { useRef, useState } from 'react'
import { ApiTokenCard } from '../api-tokens/ApiTokenCard'
import { RevokeUserTokenDialog } from '../api-tokens/RevokeUserTokenDialog'
import { graphql } from '../gql'
import type { UserApiTokensQuery } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { returnFocus } from '../ui/return-focus'
import { usePagedQuery } from '../ui/use-paged-query'
import { Section } from './Section'
import { SectionList } from './SectionList'

const UserApiTokensDocument = graphql(`
  query UserApiTokens($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    user(id: $id) {
      id
      apiTokens(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        nodes {
          id
          name
          prefix
          permissions
          effectivePermissions
          createdAt
          expiresAt
          lastUsedAt
          lastUsedIp
          suspended
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  }
`)

type ApiToken = NonNullable<NonNullable<UserApiTokensQuery['user']>['apiTokens']>['nodes'][number]

interface Props {
  user: { readonly id: string }
  /** Whether the viewer may see the operation list. */
  seesOperations: boolean
}

/** The API tokens of another user, with buttons that revoke them. */
export const UserApiTokens = ({ user, seesOperations }: Props) => {
  const { t } = useLocale()
  const { data, ...pages } = usePagedQuery(UserApiTokensDocument, {
    variables: { id: user.id },
    pageSize: 10,
  })
  const [asked, setAsked] = useState(false)
  const [chosen, setChosen] = useState<ApiToken | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const tokens = data?.user?.apiTokens

  return (
    <Section title={t('user-security.tokens.title')} heading={heading}>
      <SectionList
        label={t('user-security.tokens.title')}
        none={t('user-security.tokens.none')}
        connection={tokens}
        list={list}
        {...pages}
      >
        {token => (
          <ApiTokenCard
            key={token.id}
            token={token}
            seesOperations={seesOperations}
            onRevoke={() => {
              setChosen(token)
              setAsked(true)
            }}
          />
        )}
      </SectionList>
      <RevokeUserTokenDialog
        token={chosen}
        userId={user.id}
        opened={asked}
        onClose={() => {
          setAsked(false)
          // The button that opened this dialog may no longer exist.
          returnFocus(heading)
        }}
        onAnswered={() => pages.refetch().catch(() => undefined)}
      />
    </Section>
  )
}
