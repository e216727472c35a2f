import { useQuery } from '@apollo/client/react'
import { Alert, Group } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useLocale } from '../messages/use-locale'
import { KeepAccountButton } from './KeepAccountButton'
import { OwnDeletionAt } from './own-deletion'

/** Reminds users on every page that their account will be deleted, and lets them keep it. */
export const DeletionBanner = () => {
  const { t, formatMoment } = useLocale()
  const { data } = useQuery(OwnDeletionAt, { refetchOn: { windowFocus: true } })
  const deletionAt = data?.viewer?.deletionAt
  if (deletionAt == null) return null
  return (
    <Alert
      color="red"
      icon={<IconTrash aria-hidden />}
      title={t('account.deletion.bannerTitle')}
      mb="lg"
    >
      <Group justify="space-between" gap="sm">
        {t('account.deletion.bannerText', { moment: formatMoment(deletionAt) })}
        <KeepAccountButton />
      </Group>
    </Alert>
  )
}
