import { useMutation } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { useState } from 'react'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { notifySuccess } from '../ui/notify'

const RevokeInvitation = graphql(`
  mutation RevokeInvitation($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) {
      user {
        ...UserInvitation
      }
      errors {
        __typename
        ... on UserError {
          message
        }
      }
    }
  }
`)

/** Asks before it revokes the invitation of a user. */
export const useRevokeInvitation = (
  user: { readonly id: string; readonly name: string },
  onClose?: () => void,
) => {
  const { t } = useLocale()
  const [revoke] = useMutation(RevokeInvitation)
  const [opened, setOpened] = useState(false)
  const dialog = (
    <ConfirmDialog
      opened={opened}
      title={t('invitations.revoke.title')}
      confirm={t('invitations.revoke.confirm')}
      danger
      onClose={() => {
        setOpened(false)
        onClose?.()
      }}
      onConfirm={async () => {
        const { data } = await revoke({ variables: { input: { userId: user.id } } })
        const [error] = data?.revokeInvitation.errors ?? []
        if (error !== undefined) return error.message
        notifySuccess(t('invitations.revoke.done'))
        return null
      }}
    >
      <Text size="sm">{t('invitations.revoke.message', { name: user.name })}</Text>
    </ConfirmDialog>
  )
  return { start: () => setOpened(true), dialog }
}
