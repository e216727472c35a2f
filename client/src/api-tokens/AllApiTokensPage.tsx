import { Alert, Anchor, Card, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import { graphql } from '../gql'
import type { AllApiTokensQuery, ApiTokenFilter } from '../gql/graphql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { FilterSelect } from '../ui/FilterSelect'
import filters from '../ui/filters.module.css'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { PageButtons } from '../ui/PageButtons'
import { PageTitle } from '../ui/PageTitle'
import { returnFocus } from '../ui/return-focus'
import { usePagedQuery } from '../ui/use-paged-query'
import { UserSelect } from '../users/UserSelect'
import { ApiTokenCard } from './ApiTokenCard'
import { RevokeUserTokenDialog } from './RevokeUserTokenDialog'

const AllApiTokens = graphql(`
  query AllApiTokens(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $filter: ApiTokenFilter
  ) {
    allApiTokens(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
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
        owner {
          id
          name
          refusalToBlock
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`)

type ApiToken = AllApiTokensQuery['allApiTokens']['nodes'][number]

/** A choice of tokens that an administrator often looks for. */
type Kind = 'EXPIRING' | 'UNUSED'

const filterOf: Record<Kind, ApiTokenFilter> = {
  EXPIRING: { expiresWithinDays: 30 },
  UNUSED: { unusedForDays: 90 },
}

const Tokens = ({ permissions }: { permissions: readonly string[] }) => {
  const { t } = useLocale()
  const [userId, setUserId] = useState<string | null>(null)
  const [kind, setKind] = useState<Kind | null>(null)
  const filter = { userId, ...(kind === null ? {} : filterOf[kind]) }
  const { data, error, refetch, buttonProps, toFirst } = usePagedQuery(AllApiTokens, {
    variables: { filter },
  })
  const [chosen, setChosen] = useState<ApiToken | null>(null)
  const [asked, setAsked] = useState(false)
  const list = useRef<HTMLUListElement>(null)
  const count = useRef<HTMLParagraphElement>(null)
  const tokens = data?.allApiTokens
  const seesUsers = permissions.includes('users.read')
  const isFiltered = userId !== null || kind !== null

  return (
    <Stack gap="md" maw={760}>
      <Group className={filters.filters ?? ''} gap="sm">
        {seesUsers && (
          <UserSelect
            label={t('api-tokens.all.owner')}
            value={userId}
            onChange={id => {
              toFirst()
              setUserId(id)
            }}
          />
        )}
        <FilterSelect
          label={t('api-tokens.all.state')}
          any={t('api-tokens.all.anyState')}
          names={{ EXPIRING: 'api-tokens.all.expiring', UNUSED: 'api-tokens.all.unused' }}
          value={kind}
          onChange={value => {
            toFirst()
            setKind(value)
          }}
        />
      </Group>
      <Text ref={count} tabIndex={-1} size="sm" c="dimmed" role="status">
        {tokens === undefined ? '' : t('api-tokens.tab.count', { count: tokens.totalCount })}
      </Text>
      {tokens === undefined ? (
        error === undefined ? (
          <Skeleton height={140} aria-busy="true" aria-label={t('api-tokens.all.loading')} />
        ) : (
          <LoadFailure failure={error} onRetry={() => void refetch()} />
        )
      ) : tokens.nodes.length === 0 ? (
        <Card withBorder padding="xl" ta="center">
          <Text fw={600}>
            {isFiltered ? t('api-tokens.all.noMatch') : t('api-tokens.none.title')}
          </Text>
        </Card>
      ) : (
        <ItemList ref={list} label={t('api-tokens.tab.list')}>
          {tokens.nodes.map(token => {
            const { owner } = token
            const to = `/account/users/${owner.id}/security`
            return (
              <ApiTokenCard
                key={token.id}
                token={token}
                seesOperations={permissions.includes('operations.read')}
                owner={
                  <Message
                    id="api-tokens.all.ownedBy"
                    values={{
                      owner: seesUsers ? (
                        <Anchor component={Link} to={to} size="sm">
                          <bdi>{owner.name}</bdi>
                        </Anchor>
                      ) : (
                        <bdi>{owner.name}</bdi>
                      ),
                    }}
                  />
                }
                // The same users can be blocked and have their tokens revoked.
                onRevoke={
                  owner.refusalToBlock == null
                    ? () => {
                        setChosen(token)
                        setAsked(true)
                      }
                    : null
                }
              />
            )
          })}
        </ItemList>
      )}
      {tokens !== undefined && (
        <PageButtons list={list} pageInfo={tokens.pageInfo} {...buttonProps} />
      )}
      <RevokeUserTokenDialog
        token={chosen}
        userId={chosen?.owner.id ?? ''}
        opened={asked}
        onClose={() => {
          setAsked(false)
          // The button that opened this dialog may no longer exist.
          returnFocus(count)
        }}
        onAnswered={() => refetch().catch(() => undefined)}
      />
    </Stack>
  )
}

/** The API tokens of all users, for administrators. */
export const AllApiTokensPage = () => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const allowed = viewer?.permissions.includes('users.manage') === true
  return (
    <Stack gap="lg">
      <PageTitle title={t('api-tokens.all.title')} />
      {allowed ? (
        <Tokens permissions={viewer.permissions} />
      ) : (
        <Alert icon={<IconLock />} title={t('api-tokens.all.forbiddenTitle')}>
          <Message
            id="api-tokens.all.forbidden"
            values={{
              link: c => (
                <Anchor inherit component={Link} to="/account/me/api">
                  {c}
                </Anchor>
              ),
            }}
          />
        </Alert>
      )}
    </Stack>
  )
}
