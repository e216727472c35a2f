import type { MailContent } from '../mail/mail-content.js'

/** An invitation, as its mail tells of it. */
export interface InvitationNotice {
  /** First name of who is invited. */
  readonly firstName: string
  readonly login: string
  /** Full name of who invites them. */
  readonly invitedBy: string
  /** Hours until the link stops working. */
  readonly hours: number
  /** Where the password is set, with the token. */
  readonly link: string
}

/** Invites someone to set their password. */
export const invitationMail = (notice: InvitationNotice): MailContent => ({
  subject: 'You are invited to Rekey',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [
    `${notice.invitedBy} has added you to Rekey. Choose a password, and you are in.`,
    `The link works once, within ${notice.hours} hours. If you don’t know what this is about, leave it be: nothing happens without the link.`,
  ],
  facts: [['Your login', notice.login]],
  action: { label: 'Choose a password', url: notice.link },
  footer:
    'Rekey sends this to everyone who is invited. Don’t pass it on: the link is for you alone.',
})
