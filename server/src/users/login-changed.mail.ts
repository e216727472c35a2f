import { type MailContent, placeFacts } from '../mail/mail-content.js'

/** The facts of a login change that the notice contains. */
export interface LoginChangedNotice {
  /** The id of the user whose login was changed. */
  readonly userId: string
  /** The first name of the user whose login was changed. */
  readonly firstName: string
  readonly at: Date
  /** The IP address from which the login was changed. */
  readonly ip: string
  readonly userAgent: string
  /** The full name of the person who changed the login; null if the user did. */
  readonly changedBy: string | null
  /** The address of Rekey. */
  readonly url: string
}

/** The reference that finds the notice to a former login, even if no user has that login now. */
export const loginChangedReference = (userId: string): string => `login-changed:${userId}`

/**
 * Notifies the mailbox of the former login (OWASP ASVS 5.0, 6.3.7), because the mailbox of the new
 * login gets the links for forgotten passwords. The notice does not contain the new login. The
 * former mailbox may belong to a stranger, if the former login was a typing error.
 */
export const loginChangedMail = (notice: LoginChangedNotice): MailContent => ({
  subject: 'Your login was changed',
  reference: loginChangedReference(notice.userId),
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [
    `${notice.changedBy === null ? 'You' : notice.changedBy} changed the login of your Rekey account. This address is not it any more: it signs nobody in, and mails about your account go to the new one.`,
    'If you know of this, there is nothing to do. If not, tell an administrator of your Rekey at once.',
  ],
  facts: placeFacts(notice.at, notice),
  action: { label: 'Open Rekey', url: notice.url },
  footer: 'Rekey sends this to the address that was the login before.',
})
