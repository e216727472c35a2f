import { type MailContent, placeFacts } from '../mail/mail-content.js'

/** The facts of a reset request that its mail contains. */
export interface ResetPasswordNotice {
  /** The first name of the user whose password is to be reset. */
  readonly firstName: string
  readonly requestedAt: Date
  /** The IP address that the request came from. */
  readonly ip: string
  readonly userAgent: string
  /** The reset link, with its token in the fragment. */
  readonly url: string
  /** How long the link is valid, in minutes. */
  readonly minutes: number
  /** When the link expires. */
  readonly expiresAt: Date
}

/** The mail with the link that replaces a forgotten password. */
export const resetPasswordMail = (notice: ResetPasswordNotice): MailContent => ({
  subject: 'Reset your password',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [
    `Someone, we think you, asked to reset the password of your Rekey account. The link below works once, for ${notice.minutes} minutes; only the newest one works.`,
    'If it was not you, there is nothing to do: without this link nothing changes. Don’t pass it on to anyone.',
  ],
  facts: placeFacts(notice.requestedAt, notice),
  action: { label: 'Choose a new password', url: notice.url },
  linkExpiresAt: notice.expiresAt,
  footer: 'Rekey sends this when someone asks for it on the sign-in page.',
})
