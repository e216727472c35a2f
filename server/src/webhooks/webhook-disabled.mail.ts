import type { MailContent } from '../mail/mail-content.js'

/** What the mail tells of. */
export interface WebhookDisabledNotice {
  /** First name of who added the webhook. */
  readonly firstName: string
  /** Host it goes to. The whole address may hold a token. */
  readonly host: string
  readonly description: string
  readonly reason: 'GONE' | 'FAILING'
  /** Where the webhook is shown. */
  readonly url: string
}

const whatHappened = {
  GONE: 'The receiver answered 410 Gone: it wants to hear no more. Rekey sends nothing to it until someone enables the webhook again.',
  FAILING:
    'For three days no attempt to reach the receiver has come through. Rekey sends nothing to it until someone enables the webhook again; what is still to be delivered goes out then.',
}

/** Tells who added a webhook that it was disabled without anyone doing so. */
export const webhookDisabledMail = (notice: WebhookDisabledNotice): MailContent => ({
  subject: 'A webhook was disabled',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [whatHappened[notice.reason]],
  facts: [
    ['Receiver', notice.host],
    ...(notice.description === '' ? [] : [['Description', notice.description] as const]),
  ],
  action: { label: 'Open the webhook', url: notice.url },
  footer: 'Rekey sends this to whoever added the webhook.',
})
