import { useMutation, useQuery } from '@apollo/client/react'
import { Button, Card, List, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconTrash } from '@tabler/icons-react'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { KeepAccountButton } from './KeepAccountButton'
import { OwnDeletion, RequestOwnDeletion } from './own-deletion'

/** Lets users delete their own account, if the account’s settings allow it. */
export const DeleteAccountCard = () => {
  const { t, formatMoment } = useLocale()
  const { data } = useQuery(OwnDeletion, { fetchPolicy: 'cache-and-network' })
  const [request] = useMutation(RequestOwnDeletion)
  const [asking, dialog] = useDisclosure()
  const { allowed, waitDays = 0 } = data?.ownDeletionSettings ?? {}
  const deletionAt = data?.viewer?.deletionAt ?? null
  // Without the setting, people would read about something that they cannot do.
  if (allowed !== true && deletionAt === null) return null
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="delete-account" maw={760}>
      <Title order={2} size="h5" mb="md" id="delete-account">
        {t('account.deletion.title')}
      </Title>
      <Stack gap="md" align="flex-start">
        <Text size="sm">
          {deletionAt === null
            ? t('account.deletion.hint', { days: waitDays })
            : t('account.deletion.bannerText', { moment: formatMoment(deletionAt) })}
        </Text>
        {deletionAt === null ? (
          <Button
            color="red.9"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={dialog.open}
          >
            {t('account.deletion.delete')}
          </Button>
        ) : (
          <KeepAccountButton />
        )}
      </Stack>
      <ConfirmDialog
        opened={asking}
        title={t('account.deletion.dialogTitle')}
        confirm={t('account.deletion.delete')}
        danger
        onConfirm={async () => {
          const { data: answer } = await request()
          const [error] = answer?.requestOwnDeletion.errors ?? []
          // After success the banner of the page shows the result.
          return error?.message ?? null
        }}
        onClose={dialog.close}
      >
        <List size="sm" spacing={6}>
          <List.Item>{t('account.deletion.wait', { days: waitDays })}</List.Item>
          <List.Item>{t('account.deletion.erased')}</List.Item>
          <List.Item>{t('account.deletion.remains')}</List.Item>
        </List>
      </ConfirmDialog>
    </Card>
  )
}
