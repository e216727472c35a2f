import { type MailTemplate, placeFacts } from '../mail/mail-content.js'

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
export const loginChangedMail =
  (notice: LoginChangedNotice): MailTemplate =>
  language => {
    const { t } = language
    const { changedBy } = notice
    return {
      subject: t('users.loginChangedMail.subject'),
      reference: loginChangedReference(notice.userId),
      greeting: t('mail.greeting', { firstName: notice.firstName }),
      paragraphs: [
        changedBy === null
          ? t('users.loginChangedMail.byYourself')
          : t('users.loginChangedMail.bySomeone', { changedBy }),
        t('mail.reportUnknown'),
      ],
      facts: placeFacts(language, notice.at, notice),
      action: { label: t('mail.openRekey'), url: notice.url },
      footer: t('users.loginChangedMail.footer'),
    }
  }
