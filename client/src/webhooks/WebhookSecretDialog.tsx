import { SecretDialog } from '../ui/SecretDialog'

interface Props {
  /** The secret to show; null closes the dialog. */
  secret: string | null
  onClose: () => void
}

/** Shows the new secret of a webhook. It cannot be shown again. */
export const WebhookSecretDialog = (props: Props) => (
  <SecretDialog title="Webhook secret" label="Secret" {...props}>
    Give this secret to the receiver, so that it can verify that requests come from Rekey. It is
    shown only once. If you lose it, rotate the secret.
  </SecretDialog>
)
