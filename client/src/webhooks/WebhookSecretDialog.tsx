import { useLocale } from '../messages/use-locale'
import { SecretDialog } from '../ui/SecretDialog'

interface Props {
  /** The secret to show; null closes the dialog. */
  secret: string | null
  onClose: () => void
}

/** Shows the new secret of a webhook. It cannot be shown again. */
export const WebhookSecretDialog = (props: Props) => {
  const { t } = useLocale()
  return (
    <SecretDialog title={t('webhooks.secret.title')} label={t('webhooks.secret.label')} {...props}>
      {t('webhooks.secret.text')}
    </SecretDialog>
  )
}
