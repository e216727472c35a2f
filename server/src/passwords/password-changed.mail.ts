import { type MailTemplate, placeFacts } from '../mail/mail-content.js'
import type { Language } from '../messages/language.js'

/** The facts of a password change that the notice contains. */
export interface PasswordChangedNotice {
  /** The first name of the user whose password was changed. */
  readonly firstName: string
  readonly at: Date
  /** The IP address from which the password was changed. */
  readonly ip: string
  readonly userAgent: string
  /** The full name of the person who changed the password; null if the user did. */
  readonly changedBy: string | null
  /**
   * The kind of the link with which the password was reset: one that was sent to the user, or one
   * that was created to be handed over. Null if it was not reset.
   */
  readonly viaResetLink: 'SENT' | 'HANDED_OVER' | null
  /** The prefix of the user's API token that changed the password; null if none did. */
  readonly viaApiToken: string | null
  /** Whether the user must choose another password at the next sign-in. */
  readonly mustChangePassword: boolean
  /** When the password stops working, unless the user changes it; null if never. */
  readonly passwordExpiresAt: Date | null
  /** How many API tokens of the user stay valid. */
  readonly apiTokens: number
  /** How many passkeys of the user can still sign in without a password. */
  readonly passkeys: number
  /** The names of the passkeys that were added in the last day before the change. */
  readonly newPasskeys: readonly string[]
  /** The address of Rekey. */
  readonly url: string
}

/** A sentence about how the password was changed. */
const explanationOf = ({ t }: Language, notice: PasswordChangedNotice): string => {
  const { changedBy, viaResetLink, viaApiToken } = notice
  if (viaResetLink === 'SENT') return t('passwords.changedMail.byReset')
  if (viaResetLink !== null) return t('passwords.changedMail.byHandedOverLink')
  if (viaApiToken !== null) return t('passwords.changedMail.byToken', { prefix: viaApiToken })
  return changedBy === null
    ? t('passwords.changedMail.byYourself')
    : t('passwords.changedMail.bySomeone', { changedBy })
}

/** Until when a temporary password works, as a paragraph; none if it works without an end. */
export const temporaryUntil = (language: Language, expiresAt: Date | null): string[] =>
  expiresAt === null
    ? []
    : [language.t('passwords.mail.temporaryUntil', { time: language.formatMoment(expiresAt) })]

/** The choice of a new password that awaits the user, if someone else set this one. */
const mustChangeOf = (language: Language, notice: PasswordChangedNotice): string[] => {
  const { t } = language
  const { changedBy, mustChangePassword, passwordExpiresAt } = notice
  if (changedBy === null || !mustChangePassword) return []
  return [
    t('passwords.changedMail.mustChange', { changedBy }),
    ...temporaryUntil(language, passwordExpiresAt),
  ]
}

/** Advice about the API tokens and passkeys that still work. */
const adviceOf = (language: Language, notice: PasswordChangedNotice): string[] => {
  const { t } = language
  const advice: string[] = []
  if (notice.apiTokens > 0) {
    advice.push(t('passwords.changedMail.tokens', { count: notice.apiTokens }))
  }
  if (notice.passkeys > 0) {
    advice.push(t('passwords.changedMail.passkeys', { count: notice.passkeys }))
  }
  if (notice.newPasskeys.length > 0) {
    const names = language.formatList(
      notice.newPasskeys.map(name => t('mail.quoted', { text: name })),
    )
    advice.push(t('passwords.changedMail.newPasskeys', { names }))
  }
  return advice
}

/**
 * Notifies a user that their password was changed (OWASP ASVS 5.0, 6.3.7). Never contains the
 * password.
 */
export const passwordChangedMail =
  (notice: PasswordChangedNotice): MailTemplate =>
  language => {
    const { t } = language
    return {
      subject: t('passwords.changedMail.subject'),
      greeting: t('mail.greeting', { firstName: notice.firstName }),
      paragraphs: [
        explanationOf(language, notice),
        ...mustChangeOf(language, notice),
        ...adviceOf(language, notice),
        t('mail.reportUnknown'),
      ],
      facts: placeFacts(language, notice.at, notice),
      action: { label: t('mail.openRekey'), url: notice.url },
      footer: t('passwords.changedMail.footer'),
    }
  }
