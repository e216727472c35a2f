import { type MailContent, placeFacts } from '../mail/mail-content.js'

/**
 * The content of the notice: someone entered the correct password at an unknown place, and
 * Rekey asked for a second step.
 */
export interface ChallengeNotice {
  /** First name of the user whose password was entered. */
  readonly firstName: string
  readonly at: Date
  /** The address of the sign-in. */
  readonly ip: string
  readonly userAgent: string
  /** The URL of this Rekey. */
  readonly url: string
}

/** Notifies a user that someone entered their password, and was asked for the second step. */
export const challengeMail = (notice: ChallengeNotice): MailContent => ({
  subject: 'Someone entered your password',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [
    'Someone entered your Rekey password with a browser and from a network that we had not seen before. We asked them for your second step.',
    'If that was you, there is nothing to do. If not, they know your password. Change it at once, here and wherever else you use it, and tell an administrator of your Rekey.',
  ],
  facts: placeFacts(notice.at, notice),
  action: { label: 'Open Rekey', url: notice.url },
  footer:
    'Rekey sends this mail when someone enters your password with a new browser and from a new network.',
})
