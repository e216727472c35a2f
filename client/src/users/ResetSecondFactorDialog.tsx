import { useMutation } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { graphql } from '../gql'
import { MailNotice } from '../mail/MailNotice'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { notifySuccess } from '../ui/notify'

const ResetSecondFactor = graphql(`
  mutation ResetSecondFactor($input: ResetSecondFactorInput!) {
    resetSecondFactor(input: $input) {
      user {
        id
        secondFactors {
          id
        }
      }
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

interface Props {
  user: { readonly id: string; readonly name: string }
  opened: boolean
  onClose: () => void
}

/** Asks before removing all second factors of another user. */
export const ResetSecondFactorDialog = ({ user, opened, onClose }: Props) => {
  const { t } = useLocale()
  const [resetSecondFactor] = useMutation(ResetSecondFactor)
  return (
    <ConfirmDialog
      opened={opened}
      title={t('users.actions.resetTitle', { name: user.name })}
      confirm={t('users.actions.resetConfirm')}
      danger
      onClose={onClose}
      onConfirm={async () => {
        const { data } = await resetSecondFactor({ variables: { input: { userId: user.id } } })
        const [error] = data?.resetSecondFactor.errors ?? []
        if (error !== undefined) return error.message
        notifySuccess(t('users.actions.resetDone', { name: user.name }))
        return null
      }}
    >
      <Text size="sm">{t('users.actions.resetMessage')}</Text>
      <MailNotice />
    </ConfirmDialog>
  )
}
