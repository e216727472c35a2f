import { type MailContent, timeOf } from '../mail/mail-content.js'

/** The facts of an invitation that its mail contains. */
export interface InvitationNotice {
  /** The first name of the invited user. */
  readonly firstName: string
  readonly login: string
  /** The full name of the user who sends the invitation. */
  readonly invitedBy: string
  readonly expiresAt: Date
  /** The id of the invited user. */
  readonly userId: string
  /** The address of the page, with the token in its fragment. */
  readonly url: string
}

/** The reference that finds the mail of a user's invitation until it is delivered. */
export const invitationReference = (userId: string): string => `invitation:${userId}`

/** The mail that invites a user to set their password. */
export const invitationMail = (notice: InvitationNotice): MailContent => ({
  subject: 'You are invited to Rekey',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [
    `${notice.invitedBy} has added you to Rekey. Choose a password, and you are in.`,
    'The link works once. An earlier one, if you have it, no longer does.',
  ],
  facts: [
    ['Your login', notice.login],
    ['The link works until', timeOf(notice.expiresAt)],
  ],
  action: { label: 'Choose a password', url: notice.url },
  linkExpiresAt: notice.expiresAt,
  reference: invitationReference(notice.userId),
  footer: 'If you did not expect this, leave it be: without the link nothing happens.',
})
