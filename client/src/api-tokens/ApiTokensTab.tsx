import { useMutation } from '@apollo/client/react'
import { Anchor, Button, Card, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import { permissionTitles } from '../access/access-words'
import { useMyAccount } from '../account/MyAccountPage'
import { graphql } from '../gql'
import type { ApiTokensQuery } from '../gql/graphql'
import { tokenOperations } from '../operations/operations-search'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { formatDay } from '../ui/formats'
import { ItemCard } from '../ui/ItemCard'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { notifySuccess } from '../ui/notify'
import { PageButtons } from '../ui/PageButtons'
import { SecretDialog } from '../ui/SecretDialog'
import { StateBadge } from '../ui/StateBadge'
import { usePagedQuery } from '../ui/use-paged-query'
import { TimeAgo } from '../users/TimeAgo'
import classes from './ApiTokensTab.module.css'
import { NewTokenDialog } from './NewTokenDialog'
import { curlExample, expiryStateOf } from './token-words'

const ApiTokens = graphql(`
  query ApiTokens($first: Int, $after: String, $last: Int, $before: String) {
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

const RevokeApiToken = graphql(`
  mutation RevokeApiToken($input: RevokeApiTokenInput!) {
    revokeApiToken(input: $input) {
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

type ApiToken = ApiTokensQuery['apiTokens']['nodes'][number]

/** The permissions that a token can use, and those that its owner has lost. */
const TokenAccess = ({ permissions, effectivePermissions }: ApiToken) => {
  const held = permissions.filter(permission => effectivePermissions.includes(permission))
  const lost = permissions.filter(permission => !effectivePermissions.includes(permission))
  return (
    <>
      <Text size="sm" mt={4}>
        {held.length === 0 ? 'No permissions: only your own profile' : permissionTitles(held)}
      </Text>
      {lost.length > 0 && (
        <Text size="sm" c="dimmed">
          You no longer have these, so the token cannot use them: <s>{permissionTitles(lost)}</s>
        </Text>
      )}
    </>
  )
}

const TokenExpiry = (token: ApiToken) => {
  const { expiresAt } = token
  switch (expiryStateOf(token, new Date())) {
    case 'EXPIRED':
      return (
        <>
          expired <TimeAgo at={expiresAt} />
        </>
      )
    case 'SOON':
      return (
        <>
          expires <TimeAgo at={expiresAt} />
        </>
      )
    case 'LATER':
      return <>expires {formatDay(expiresAt)}</>
  }
}

const ExpiryBadge = (token: ApiToken) => {
  switch (expiryStateOf(token, new Date())) {
    case 'EXPIRED':
      return <StateBadge state="bad">Expired</StateBadge>
    case 'SOON':
      return <StateBadge state="warning">Expires soon</StateBadge>
    case 'LATER':
      return null
  }
}

interface TokenItemProps {
  token: ApiToken
  /** True if the owner may see the operation list. */
  seesOperations: boolean
  onRevoke: () => void
}

const TokenItem = ({ token, seesOperations, onRevoke }: TokenItemProps) => (
  <ItemCard
    Icon={IconKey}
    name={token.name}
    badge={<ExpiryBadge {...token} />}
    actions={
      <Button
        variant="default"
        size="xs"
        onClick={onRevoke}
        aria-haspopup="dialog"
        aria-label={`Revoke ${token.name}, ${token.prefix}`}
      >
        Revoke
      </Button>
    }
  >
    <Text size="sm" mt={4} className={classes.prefix}>
      {token.prefix}…
    </Text>
    <TokenAccess {...token} />
    <Text size="sm" c="dimmed">
      Created <TimeAgo at={token.createdAt} />, <TokenExpiry {...token} />
    </Text>
    <Text size="sm" c="dimmed">
      {token.lastUsedAt == null ? (
        'Never used'
      ) : (
        <>
          Last used <TimeAgo at={token.lastUsedAt} />
          {token.lastUsedIp != null && ` from ${token.lastUsedIp}`}
        </>
      )}
      {seesOperations && (
        <>
          {'. '}
          <Anchor component={Link} to={tokenOperations(token.prefix)} size="sm">
            Operations by {token.name}
          </Anchor>
        </>
      )}
    </Text>
  </ItemCard>
)

const NoTokens = ({ explores }: { explores: boolean }) => (
  <Card withBorder padding="xl" ta="center">
    <Text fw={600}>No API tokens yet</Text>
    <Text c="dimmed" size="sm" mt={4}>
      With a token, a program can call the API as you, without your password and only with the
      permissions that you choose.
    </Text>
    {explores && (
      <Text size="sm" mt="xs">
        {/* A separate page, not part of this app. */}
        <Anchor href="/explorer">See what the API can do in the explorer</Anchor>
      </Text>
    )}
  </Card>
)

interface RevokeDialogProps {
  /** The token to revoke; null until one was chosen. */
  token: ApiToken | null
  opened: boolean
  onClose: () => void
  /** Called after every answer of the API. */
  onAnswered: () => Promise<unknown>
  onRevoked: () => void
}

const RevokeDialog = ({ token, opened, onClose, onAnswered, onRevoked }: RevokeDialogProps) => {
  const [revoke] = useMutation(RevokeApiToken)
  const expired = token !== null && expiryStateOf(token, new Date()) === 'EXPIRED'
  const run = async () => {
    if (token === null) return null
    const { data } = await revoke({ variables: { input: { apiTokenId: token.id } } })
    const [refusal] = data?.revokeApiToken.errors ?? []
    await onAnswered()
    if (refusal !== undefined) return refusal.message
    notifySuccess('API token revoked')
    // The button that opened this dialog no longer exists.
    onRevoked()
    return null
  }
  return (
    <ConfirmDialog
      opened={opened}
      title={`Revoke ${token?.name ?? ''}?`}
      confirm="Revoke"
      danger
      onClose={onClose}
      onConfirm={run}
    >
      <Text size="sm">
        {expired
          ? 'This token has expired. Revoking it removes it from the list.'
          : 'The token stops working at once, wherever it is used. This cannot be undone.'}
      </Text>
    </ConfirmDialog>
  )
}

/** Lists, creates and revokes the viewer's own API tokens. */
export const ApiTokensTab = () => {
  const { user } = useMyAccount()
  const { data, error, refetch, ways, toFirst } = usePagedQuery(ApiTokens)
  const [dialog, setDialog] = useState<'new' | 'revoke' | null>(null)
  const [chosen, setChosen] = useState<ApiToken | null>(null)
  const [created, setCreated] = useState<string | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const newToken = useRef<HTMLButtonElement>(null)
  const tokens = data?.apiTokens
  const close = () => setDialog(null)
  // Reload, whether the token was revoked or not.
  const reload = () => refetch().catch(() => undefined)

  if (tokens === undefined) {
    return error === undefined ? (
      <Stack aria-busy="true" aria-label="Loading your API tokens" maw={760}>
        <Skeleton height={36} width={140} ml="auto" />
        <Skeleton height={140} />
      </Stack>
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  return (
    <Stack gap="md" maw={760}>
      <Group justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {tokens.totalCount === 0
            ? ''
            : tokens.totalCount === 1
              ? 'One API token'
              : `${tokens.totalCount} API tokens`}
        </Text>
        <Button
          ref={newToken}
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setDialog('new')}
        >
          New token
        </Button>
      </Group>
      {tokens.totalCount === 0 ? (
        <NoTokens explores={user.permissions.includes('api.explore')} />
      ) : (
        <ItemList ref={list} label="API tokens">
          {tokens.nodes.map(token => (
            <TokenItem
              key={token.id}
              token={token}
              seesOperations={user.permissions.includes('operations.read')}
              onRevoke={() => {
                setChosen(token)
                setDialog('revoke')
              }}
            />
          ))}
        </ItemList>
      )}
      <PageButtons list={list} pageInfo={tokens.pageInfo} {...ways} />
      <NewTokenDialog
        opened={dialog === 'new'}
        onClose={close}
        onCreated={token => {
          close()
          setCreated(token)
          toFirst()
          void reload()
        }}
      />
      <SecretDialog
        secret={created}
        title="Your new API token"
        label="Token"
        example={token => curlExample(window.location.origin, token)}
        onClose={() => {
          setCreated(null)
          newToken.current?.focus()
        }}
      >
        Copy it to the program that uses it. It is shown only once. If you lose it, revoke it and
        create another.
      </SecretDialog>
      <RevokeDialog
        token={chosen}
        opened={dialog === 'revoke'}
        onClose={close}
        onAnswered={reload}
        onRevoked={() => newToken.current?.focus()}
      />
    </Stack>
  )
}
