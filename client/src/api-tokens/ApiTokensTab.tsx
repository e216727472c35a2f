import { useMutation } from '@apollo/client/react'
import { Anchor, Button, Card, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import { listPermissions } from '../access/access-words'
import { useMyAccount } from '../account/MyAccountPage'
import { graphql } from '../gql'
import type { ApiTokensQuery } from '../gql/graphql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { tokenOperations } from '../operations/operations-search'
import { ConfirmDialog } from '../ui/ConfirmDialog'
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
  const locale = useLocale()
  const { t } = locale
  const held = permissions.filter(permission => effectivePermissions.includes(permission))
  const lost = permissions.filter(permission => !effectivePermissions.includes(permission))
  return (
    <>
      <Text size="sm" mt={4}>
        {held.length === 0 ? t('api-tokens.item.noPermissions') : listPermissions(locale, held)}
      </Text>
      {lost.length > 0 && (
        <Text size="sm" c="dimmed">
          <Message
            id="api-tokens.item.lostPermissions"
            values={{ permissions: listPermissions(locale, lost), s: text => <s>{text}</s> }}
          />
        </Text>
      )}
    </>
  )
}

/** When a token was created and when it expires. */
const TokenDates = (token: ApiToken) => {
  const { formatDay } = useLocale()
  const created = <TimeAgo at={token.createdAt} />
  const expiry = <TimeAgo at={token.expiresAt} />
  switch (expiryStateOf(token, new Date())) {
    case 'EXPIRED':
      return <Message id="api-tokens.item.expired" values={{ created, expiry }} />
    case 'SOON':
      return <Message id="api-tokens.item.expiresSoon" values={{ created, expiry }} />
    case 'LATER': {
      const day = formatDay(token.expiresAt)
      return <Message id="api-tokens.item.expiresOn" values={{ created, day }} />
    }
  }
}

/** When and from where a token was last used. */
const TokenUse = ({ lastUsedAt, lastUsedIp }: ApiToken) => {
  const { t } = useLocale()
  if (lastUsedAt == null) return t('api-tokens.item.neverUsed')
  const time = <TimeAgo at={lastUsedAt} />
  if (lastUsedIp == null) return <Message id="api-tokens.item.lastUsed" values={{ time }} />
  const address = <bdi>{lastUsedIp}</bdi>
  return <Message id="api-tokens.item.lastUsedFrom" values={{ time, address }} />
}

const ExpiryBadge = (token: ApiToken) => {
  const { t } = useLocale()
  switch (expiryStateOf(token, new Date())) {
    case 'EXPIRED':
      return <StateBadge state="bad">{t('api-tokens.badge.expired')}</StateBadge>
    case 'SOON':
      return <StateBadge state="warning">{t('api-tokens.badge.expiresSoon')}</StateBadge>
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

const TokenItem = ({ token, seesOperations, onRevoke }: TokenItemProps) => {
  const { t } = useLocale()
  return (
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
          aria-label={t('api-tokens.item.revokeLabel', { name: token.name, prefix: token.prefix })}
        >
          {t('api-tokens.item.revoke')}
        </Button>
      }
    >
      <Text size="sm" mt={4} className={classes.prefix}>
        <bdi>{token.prefix}…</bdi>
      </Text>
      <TokenAccess {...token} />
      <Text size="sm" c="dimmed">
        <TokenDates {...token} />
      </Text>
      <Text size="sm" c="dimmed">
        <TokenUse {...token} />
      </Text>
      {seesOperations && (
        <Anchor component={Link} to={tokenOperations(token.prefix)} size="sm">
          {t('api-tokens.item.operations', { name: token.name })}
        </Anchor>
      )}
    </ItemCard>
  )
}

const NoTokens = ({ explores }: { explores: boolean }) => {
  const { t } = useLocale()
  return (
    <Card withBorder padding="xl" ta="center">
      <Text fw={600}>{t('api-tokens.none.title')}</Text>
      <Text c="dimmed" size="sm" mt={4}>
        {t('api-tokens.none.text')}
      </Text>
      {explores && (
        <Text size="sm" mt="xs">
          {/* A separate page, not part of this app. */}
          <Anchor href="/explorer">{t('api-tokens.none.explorer')}</Anchor>
        </Text>
      )}
    </Card>
  )
}

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
  const { t } = useLocale()
  const [revoke] = useMutation(RevokeApiToken)
  const expired = token !== null && expiryStateOf(token, new Date()) === 'EXPIRED'
  const run = async () => {
    if (token === null) return null
    const { data } = await revoke({ variables: { input: { apiTokenId: token.id } } })
    const [refusal] = data?.revokeApiToken.errors ?? []
    await onAnswered()
    if (refusal !== undefined) return refusal.message
    notifySuccess(t('api-tokens.revoke.done'))
    // The button that opened this dialog no longer exists.
    onRevoked()
    return null
  }
  return (
    <ConfirmDialog
      opened={opened}
      title={t('api-tokens.revoke.title', { name: token?.name ?? '' })}
      confirm={t('api-tokens.revoke.confirm')}
      danger
      onClose={onClose}
      onConfirm={run}
    >
      <Text size="sm">
        {expired ? t('api-tokens.revoke.expired') : t('api-tokens.revoke.text')}
      </Text>
    </ConfirmDialog>
  )
}

/** Lists, creates and revokes the viewer's own API tokens. */
export const ApiTokensTab = () => {
  const { t } = useLocale()
  const { user } = useMyAccount()
  const { data, error, refetch, buttonProps, toFirst } = usePagedQuery(ApiTokens)
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
      <Stack aria-busy="true" aria-label={t('api-tokens.tab.loading')} maw={760}>
        <Skeleton height={36} width={140} ms="auto" />
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
          {tokens.totalCount === 0 ? '' : t('api-tokens.tab.count', { count: tokens.totalCount })}
        </Text>
        <Button
          ref={newToken}
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setDialog('new')}
        >
          {t('api-tokens.tab.new')}
        </Button>
      </Group>
      {tokens.totalCount === 0 ? (
        <NoTokens explores={user.permissions.includes('api.explore')} />
      ) : (
        <ItemList ref={list} label={t('api-tokens.tab.list')}>
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
      <PageButtons list={list} pageInfo={tokens.pageInfo} {...buttonProps} />
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
        title={t('api-tokens.secret.title')}
        label={t('api-tokens.secret.label')}
        example={token => curlExample(window.location.origin, token)}
        onClose={() => {
          setCreated(null)
          newToken.current?.focus()
        }}
      >
        {t('api-tokens.secret.text')}
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
