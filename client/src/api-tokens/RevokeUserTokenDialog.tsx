import { useApolloClient } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { graphql } from '../gql'
import { MailNotice } from '../mail/MailNotice'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { notifySuccess } from '../ui/notify'

const RevokeUserApiToken = graphql(`
  mutation RevokeUserApiToken($input: RevokeUserApiTokenInput!) {
    revokeUserApiToken(input: $input) {
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

interface Props {
  /** The token to revoke; null until one was chosen. */
  token: { readonly id: string; readonly name: string } | null
  /** The id of its owner. */
  userId: string
  opened: boolean
  onClose: () => void
  /** Called after every answer of the API. */
  onAnswered: () => Promise<unknown>
}

/** Asks before an API token of another user is revoked, and revokes it. */
export const RevokeUserTokenDialog = ({ token, userId, opened, onClose, onAnswered }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const revoke = async () => {
    if (token === null) return null
    const variables = { input: { userId, apiTokenId: token.id } }
    const { data } = await client.mutate({ mutation: RevokeUserApiToken, variables })
    await onAnswered()
    const [refusal] = data?.revokeUserApiToken.errors ?? []
    if (refusal !== undefined) return refusal.message
    notifySuccess(t('api-tokens.revoke.done'))
    return null
  }
  return (
    <ConfirmDialog
      opened={opened}
      title={t('api-tokens.revoke.title', { name: token?.name ?? '' })}
      confirm={t('api-tokens.revoke.confirm')}
      danger
      onConfirm={revoke}
      onClose={onClose}
    >
      <Text size="sm">{t('api-tokens.revoke.text')}</Text>
      <MailNotice />
    </ConfirmDialog>
  )
}
