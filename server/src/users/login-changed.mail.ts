import { type MailContent, placeFacts } from '../mail/mail-content.js'

/** A change of login, as its notice tells of it. */
export interface LoginChangedNotice {
  /** Of the user whose login it was. */
  readonly userId: string
  /** First name of whose login it was. */
  readonly firstName: string
  readonly at: Date
  /** Address it was changed from. */
  readonly ip: string
  readonly userAgent: string
  /** Full name of who changed it; null when they did themselves. */
  readonly changedBy: string | null
  /** Where Rekey is. */
  readonly url: string
}

/** By which the notice to a former login is found, also when nobody has that login any more. */
export const loginChangedReference = (userId: string): string => `login-changed:${userId}`

/**
 * Tells the mailbox that a login was taken from (OWASP ASVS 5.0, 6.3.7): whoever has the next
 * one gets the links for forgotten passwords. It is not told which: that mailbox may be a
 * stranger's, whose address was a slip.
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
