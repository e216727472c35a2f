import type { MailContent } from '../mail/mail-content.js'

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

const whatHappened = {
  GONE: 'The receiver answered 410 Gone, which means that it no longer accepts events. Rekey sends nothing to it until someone enables the webhook again.',
  FAILING:
    'Every delivery to the receiver has failed for three days. Rekey sends nothing to it until someone enables the webhook again. It then sends the pending events.',
}

/** Notifies the user who added a webhook that Rekey disabled it automatically. */
export const webhookDisabledMail = (notice: WebhookDisabledNotice): MailContent => ({
  subject: 'A webhook was disabled',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [whatHappened[notice.reason]],
  facts: [
    ['Receiver', notice.host],
    ...(notice.description === '' ? [] : [['Description', notice.description] as const]),
  ],
  action: { label: 'Open the webhook', url: notice.url },
  footer: 'Rekey sends this mail to the person who added the webhook.',
})
