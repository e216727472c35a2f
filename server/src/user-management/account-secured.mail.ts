import { type MailTemplate, placeFacts } from '../mail/mail-content.js'

/** What a user learns after an administrator has secured their account. */
export interface SecuredAccount {
  /** The first name of the user. */
  readonly firstName: string
  /** The full name of the administrator. */
  readonly by: string
  /** The number of API tokens that were revoked. */
  readonly apiTokens: number
  /** Whether the user is blocked now. */
  readonly blocked: boolean
  /** The link that sets a new password; null if none was created. */
  readonly resetLink: {
    /** The link, with its token in the fragment. */
    readonly url: string
    /** How long it is valid, in hours. */
    readonly hours: number
    readonly expiresAt: Date
  } | null
  /** The reference that finds the mail; left out for a mail to the login of the user. */
  readonly reference?: string
  readonly at: Date
  /** The address that the administrator used. */
  readonly ip: string
  readonly userAgent: string
  /** The URL of this Rekey. */
  readonly url: string
}

/**
 * Explains to a user that an administrator has secured their account, and how they get a new
 * password. It never contains the reason.
 */
export const accountSecuredMail =
  (secured: SecuredAccount): MailTemplate =>
  language => {
    const { t } = language
    const { by, apiTokens, blocked, resetLink } = secured
    const next = () => {
      if (resetLink !== null) {
        return t('user-management.securedMail.resetLink', { hours: resetLink.hours })
      }
      return blocked
        ? t('user-management.securedMail.blocked')
        : t('user-management.securedMail.noLink')
    }
    return {
      subject: t('user-management.securedMail.subject'),
      ...(secured.reference !== undefined && { reference: secured.reference }),
      greeting: t('mail.greeting', { firstName: secured.firstName }),
      paragraphs: [
        t('user-management.securedMail.explanation', { by }),
        ...(apiTokens > 0 ? [t('user-management.mail.revoked', { count: apiTokens })] : []),
        next(),
        t('user-management.securedMail.advice'),
      ],
      facts: placeFacts(language, secured.at, secured),
      action:
        resetLink === null
          ? { label: t('mail.openRekey'), url: secured.url }
          : { label: t('passwords.resetMail.open'), url: resetLink.url },
      ...(resetLink !== null && { linkExpiresAt: resetLink.expiresAt }),
      footer: t('user-management.securedMail.footer'),
    }
  }
