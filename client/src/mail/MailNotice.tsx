import { Text } from '@mantine/core'
import { useLocale } from '../messages/use-locale'
import { useMailSettings } from './use-mail-settings'

interface Props {
  /** Whether the action creates a link, which the mail does not contain. */
  link?: boolean
}

/** Says in a dialog whether Rekey notifies the users of an action, which needs a mail server. */
export const MailNotice = ({ link = false }: Props) => {
  const { t } = useLocale()
  const settings = useMailSettings()
  return (
    <Text size="sm">
      {settings?.configured === false
        ? t('mail.notice.unsent')
        : link
          ? t('mail.notice.sentWithoutLink')
          : t('mail.notice.sent')}
    </Text>
  )
}
