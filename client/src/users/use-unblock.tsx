import { useApolloClient } from '@apollo/client/react'
import { Checkbox, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { listPermissions } from '../access/access-words'
import { graphql } from '../gql'
import type { SuspendedApiTokensQuery } from '../gql/graphql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { notifySuccess } from '../ui/notify'
import { TimeAgo } from './TimeAgo'
import { UnblockUsers } from './user-status'

const SuspendedApiTokens = graphql(`
  query SuspendedApiTokens($id: ID!) {
    user(id: $id) {
      id
      suspendedApiTokens {
        id
        name
        prefix
        permissions
        lastUsedAt
      }
    }
  }
`)

type SuspendedToken = NonNullable<
  NonNullable<SuspendedApiTokensQuery['user']>['suspendedApiTokens']
>[number]

const TokenDetails = ({ token }: { token: SuspendedToken }) => {
  const locale = useLocale()
  const { t } = locale
  const prefix = <bdi>{token.prefix}…</bdi>
  const permissions =
    token.permissions.length === 0
      ? t('users.unblock.noPermissions')
      : listPermissions(locale, token.permissions)
  return (
    <>
      <Text component="span" size="xs" display="block">
        {token.lastUsedAt == null ? (
          <Message id="users.unblock.neverUsed" values={{ prefix }} />
        ) : (
          <Message
            id="users.unblock.lastUsed"
            values={{ prefix, when: <TimeAgo at={token.lastUsedAt} /> }}
          />
        )}
      </Text>
      <Text component="span" size="xs" display="block">
        {permissions}
      </Text>
    </>
  )
}

interface Options {
  readonly user: { readonly id: string; readonly name: string }
  readonly onUnblocked?: () => void
  /** @param reason why the user was not unblocked. */
  readonly onFailure: (reason: string) => void
  /** The request failed. The user may have been unblocked, if the answer was lost. */
  readonly onProblem: (problem: unknown) => void
  /** The dialog was closed. */
  readonly onClose?: () => void
}

/**
 * Unblocks a user. If they have suspended API tokens, asks first which of them work again. None is
 * selected, because a token that nobody needs must not come back unnoticed.
 */
export const useUnblock = ({ user, onUnblocked, onFailure, onProblem, onClose }: Options) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const [loading, setLoading] = useState(false)
  const [opened, setOpened] = useState(false)
  const [tokens, setTokens] = useState<readonly SuspendedToken[]>([])
  const [chosen, setChosen] = useState<readonly string[]>([])

  /** Returns why the user was not unblocked, or null. */
  const unblock = async (restoreApiTokenIds: readonly string[]): Promise<string | null> => {
    const restored =
      restoreApiTokenIds.length === 0 ? {} : { restoreApiTokenIds: [...restoreApiTokenIds] }
    const input = { userIds: [user.id], ...restored }
    const { data } = await client.mutate({ mutation: UnblockUsers, variables: { input } })
    const error = data?.unblockUsers.results[0]?.errors[0]
    if (error !== undefined) return error.message
    notifySuccess(t('users.actions.unblocked', { name: user.name }))
    onUnblocked?.()
    return null
  }
  const start = async () => {
    setLoading(true)
    try {
      const variables = { id: user.id }
      const query = { query: SuspendedApiTokens, variables, fetchPolicy: 'no-cache' } as const
      const { data } = await client.query(query)
      const found = data?.user?.suspendedApiTokens ?? []
      if (found.length > 0) {
        setTokens(found)
        setChosen([])
        setOpened(true)
        return
      }
      const reason = await unblock([])
      if (reason !== null) onFailure(reason)
    } catch (problem) {
      onProblem(problem)
    } finally {
      setLoading(false)
    }
  }

  const dialog = (
    <ConfirmDialog
      opened={opened}
      title={t('users.unblock.title', { name: user.name })}
      confirm={t('users.actions.unblock')}
      onClose={() => {
        setOpened(false)
        onClose?.()
      }}
      onConfirm={() => unblock(chosen)}
    >
      <Checkbox.Group
        label={t('users.unblock.tokens')}
        description={t('users.unblock.tokensHint')}
        value={[...chosen]}
        onChange={setChosen}
      >
        <Stack gap="sm" mt="sm">
          {tokens.map(token => (
            <Checkbox
              key={token.id}
              value={token.id}
              label={<bdi>{token.name}</bdi>}
              description={<TokenDetails token={token} />}
              styles={{ labelWrapper: { overflowWrap: 'anywhere' } }}
            />
          ))}
        </Stack>
      </Checkbox.Group>
    </ConfirmDialog>
  )
  return { start: () => void start(), loading, dialog }
}
