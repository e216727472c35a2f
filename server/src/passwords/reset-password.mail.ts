import { type MailContent, placeFacts } from '../mail/mail-content.js'

/** A request, as its mail tells of it. */
export interface ResetPasswordNotice {
  /** First name of whose password it is. */
  readonly firstName: string
  readonly requestedAt: Date
  /** Address it was asked for from. */
  readonly ip: string
  readonly userAgent: string
  /** The link, with its token in the fragment. */
  readonly url: string
  /** How long the link works, in minutes. */
  readonly minutes: number
  /** When it stops working. */
  readonly expiresAt: Date
}

/** Brings the link by which a forgotten password is replaced. */
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
