import { Alert } from '@mantine/core'
import { IconMailOff } from '@tabler/icons-react'
import { useLocale } from '../messages/use-locale'
import { useMailSettings } from './use-mail-settings'

/**
 * Warns a user who is about to send a link that nobody will receive it. Shows nothing if a mail
 * server is configured.
 */
export const NoMailAlert = () => {
  const { t } = useLocale()
  const settings = useMailSettings()
  if (settings === undefined || settings.configured) return null
  return (
    <Alert
      color="yellow"
      icon={<IconMailOff aria-hidden />}
      title={t('mail.notConfigured.title')}
      style={{ overflowWrap: 'anywhere' }}
    >
      {t('mail.link.kept')}
    </Alert>
  )
}
