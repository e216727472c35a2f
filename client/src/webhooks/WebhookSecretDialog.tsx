import { SecretDialog } from '../ui/SecretDialog'

interface Props {
  /** Null while there is none to be shown. */
  secret: string | null
  onClose: () => void
}

/** Shows the secret of a webhook, this once. */
export const WebhookSecretDialog = (props: Props) => (
  <SecretDialog title="The secret of the webhook" label="Secret" {...props}>
    Give it to the receiver, which verifies by it that requests come from Rekey. It is shown this
    once; if it is lost, rotate it.
  </SecretDialog>
)
