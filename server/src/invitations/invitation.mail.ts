import { type MailContent, timeOf } from '../mail/mail-content.js'

/** An invitation, as its mail tells of it. */
export interface InvitationNotice {
  /** First name of who is invited. */
  readonly firstName: string
  readonly login: string
  /** Full name of who sends it. */
  readonly invitedBy: string
  readonly expiresAt: Date
  /** The id of the user who is invited. */
  readonly userId: string
  /** The page of the link, with the token in its fragment. */
  readonly url: string
}

/** By what the mail of a user's invitation is found while it is not delivered. */
export const invitationReference = (userId: string): string => `invitation:${userId}`

/** Invites someone to set their password. */
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
