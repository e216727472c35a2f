import { type MailContent, placeFacts } from '../mail/mail-content.js'

/** A right password that was followed by the question for a second step, in a place that is new. */
export interface ChallengeNotice {
  /** First name of the user whose password it was. */
  readonly firstName: string
  readonly at: Date
  /** Address of the sign-in. */
  readonly ip: string
  readonly userAgent: string
  /** Where Rekey is. */
  readonly url: string
}

/** Tells that someone knows the password and was asked for the second step. */
export const challengeMail = (notice: ChallengeNotice): MailContent => ({
  subject: 'Someone entered your password',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [
    'Someone entered your Rekey password with a browser and from a network we had not seen before. We asked them for your second step.',
    'If that was you, there is nothing to do. If not, they know your password: change it at once, and wherever else you use it. And tell an administrator of your Rekey.',
  ],
  facts: placeFacts(notice.at, notice),
  action: { label: 'Open Rekey', url: notice.url },
  footer:
    'Rekey sends this after a right password with a new browser and from a new network, before the second step.',
})
