import { type MailTemplate, placeFacts } from '../mail/mail-content.js'

/** The mail with a reset link that an administrator sends. */
export interface SentResetLink {
  /** The first name of the user whose password is to be reset. */
  readonly firstName: string
  /** The full name of the administrator. */
  readonly sentBy: string
  readonly at: Date
  /** The IP address of the administrator. */
  readonly ip: string
  readonly userAgent: string
  /** The reset link, with its token in the fragment. */
  readonly url: string
  /** How long the link is valid, in hours. */
  readonly hours: number
  /** When the link expires. */
  readonly expiresAt: Date
}

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
export const resetPasswordMail =
  (notice: ResetPasswordNotice): MailTemplate =>
  language => {
    const { t } = language
    return {
      subject: t('passwords.resetMail.subject'),
      greeting: t('mail.greeting', { firstName: notice.firstName }),
      paragraphs: [
        t('passwords.resetMail.explanation', { minutes: notice.minutes }),
        t('passwords.resetMail.advice'),
      ],
      facts: placeFacts(language, notice.requestedAt, notice),
      action: { label: t('passwords.resetMail.open'), url: notice.url },
      linkExpiresAt: notice.expiresAt,
      footer: t('passwords.resetMail.footer'),
    }
  }

/** The mail with a reset link that its user did not request, but an administrator sends. */
export const sentResetLinkMail =
  (sent: SentResetLink): MailTemplate =>
  language => {
    const { t } = language
    return {
      subject: t('passwords.sentResetMail.subject'),
      greeting: t('mail.greeting', { firstName: sent.firstName }),
      paragraphs: [
        t('passwords.sentResetMail.explanation', { sentBy: sent.sentBy, hours: sent.hours }),
        t('passwords.sentResetMail.advice'),
      ],
      facts: placeFacts(language, sent.at, sent),
      action: { label: t('passwords.resetMail.open'), url: sent.url },
      linkExpiresAt: sent.expiresAt,
      footer: t('passwords.sentResetMail.footer'),
    }
  }
