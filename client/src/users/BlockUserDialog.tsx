import { useMutation } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { MailNotice } from '../mail/MailNotice'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { notifySuccess } from '../ui/notify'
import { useBlockReason } from './use-block-reason'
import { BlockUsers } from './user-status'

interface Props {
  user: { readonly id: string; readonly name: string }
  opened: boolean
  onClose: () => void
}

/** Asks for the reason of a block, and blocks the user. */
export const BlockUserDialog = ({ user, opened, onClose }: Props) => {
  const { t } = useLocale()
  const [blockUsers] = useMutation(BlockUsers)
  const blockReason = useBlockReason()
  return (
    <ConfirmDialog
      opened={opened}
      title={t('users.actions.blockTitle', { name: user.name })}
      confirm={t('users.actions.blockConfirm')}
      danger
      onClose={() => {
        blockReason.clear()
        onClose()
      }}
      isReady={blockReason.check}
      onConfirm={async () => {
        const input = { userIds: [user.id], reason: blockReason.reason }
        const { data } = await blockUsers({ variables: { input } })
        const error = data?.blockUsers.results[0]?.errors[0]
        if (error !== undefined) return error.message
        notifySuccess(t('users.actions.blocked', { name: user.name }))
        return null
      }}
    >
      <Text size="sm">{t('users.actions.blockMessage')}</Text>
      <MailNotice />
      {blockReason.field}
    </ConfirmDialog>
  )
}
