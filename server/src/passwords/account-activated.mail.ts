import { type MailTemplate, placeFacts } from '../mail/mail-content.js'
import { temporaryUntil } from './password-changed.mail.js'

/** The facts of an activation by an administrator that the notice contains. */
export interface AccountActivatedNotice {
  /** The first name of the user whose account became active. */
  readonly firstName: string
  readonly login: string
  /** The full name of the user who set the password. */
  readonly activatedBy: string
  /** Whether the user must choose another password at the first sign-in. */
  readonly mustChangePassword: boolean
  /** When the password stops working, unless the user changes it; null if never. */
  readonly passwordExpiresAt: Date | null
  readonly at: Date
  /** The IP address from which the password was set. */
  readonly ip: string
  readonly userAgent: string
  /** The address of Rekey. */
  readonly url: string
}

/**
 * Notifies an invited user that someone set their password, so that their account is active. Never
 * contains the password.
 */
export const accountActivatedMail =
  (notice: AccountActivatedNotice): MailTemplate =>
  language => {
    const { t } = language
    const { activatedBy } = notice
    return {
      subject: t('passwords.activatedMail.subject'),
      greeting: t('mail.greeting', { firstName: notice.firstName }),
      paragraphs: [
        t('passwords.activatedMail.explanation', { activatedBy }),
        notice.mustChangePassword
          ? t('passwords.activatedMail.firstSignInOnce', { activatedBy })
          : t('passwords.activatedMail.firstSignIn', { activatedBy }),
        ...temporaryUntil(language, notice.passwordExpiresAt),
        t('mail.reportUnknown'),
      ],
      facts: [
        [t('passwords.activatedMail.login'), notice.login],
        ...placeFacts(language, notice.at, notice),
      ],
      action: { label: t('mail.openRekey'), url: notice.url },
      footer: t('passwords.activatedMail.footer'),
    }
  }
