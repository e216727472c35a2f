import { Alert, Text } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useLocale } from '../messages/use-locale'

interface Props {
  /** When the account is deleted. */
  at: string
}

/** Says on the profile of another user that they asked to delete their account. */
export const DeletionNotice = ({ at }: Props) => {
  const { t, formatMoment } = useLocale()
  return (
    <Alert color="red" icon={<IconTrash aria-hidden />} title={t('users.deletion.title')}>
      <Text size="sm">{t('users.deletion.text', { moment: formatMoment(at) })}</Text>
    </Alert>
  )
}
