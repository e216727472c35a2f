import type { MailTemplate } from '../mail/mail-content.js'

/** The content of the mail. */
export interface WebhookDisabledNotice {
  /** First name of the user who added the webhook. */
  readonly firstName: string
  /** The receiver's host. The mail leaves out the rest of the URL, which may contain a token. */
  readonly host: string
  readonly description: string
  readonly reason: 'GONE' | 'FAILING'
  /** The page that shows the webhook. */
  readonly url: string
}

const explanations = {
  GONE: 'webhooks.disabledMail.gone',
  FAILING: 'webhooks.disabledMail.failing',
} as const

/** Notifies the user who added a webhook that Rekey disabled it automatically. */
export const webhookDisabledMail =
  (notice: WebhookDisabledNotice): MailTemplate =>
  ({ t }) => ({
    subject: t('webhooks.disabledMail.subject'),
    greeting: t('mail.greeting', { firstName: notice.firstName }),
    paragraphs: [t(explanations[notice.reason])],
    facts: [
      [t('webhooks.disabledMail.receiver'), notice.host],
      ...(notice.description === ''
        ? []
        : [[t('webhooks.disabledMail.description'), notice.description] as const]),
    ],
    action: { label: t('webhooks.disabledMail.open'), url: notice.url },
    footer: t('webhooks.disabledMail.footer'),
  })
