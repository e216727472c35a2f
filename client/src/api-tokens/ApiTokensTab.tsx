import { useMutation } from '@apollo/client/react'
import { Anchor, Button, Card, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useMyAccount } from '../account/MyAccountPage'
import { graphql } from '../gql'
import type { ApiTokensQuery } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { notifySuccess } from '../ui/notify'
import { PageButtons } from '../ui/PageButtons'
import { SecretDialog } from '../ui/SecretDialog'
import { usePagedQuery } from '../ui/use-paged-query'
import { ApiTokenCard } from './ApiTokenCard'
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
            <ApiTokenCard
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
