import { type MailTemplate, placeFacts } from '../mail/mail-content.js'

/**
 * The content of the notice: someone entered the correct password at an unknown place, and
 * Rekey asked for a second step.
 */
export interface ChallengeNotice {
  /** First name of the user whose password was entered. */
  readonly firstName: string
  readonly at: Date
  /** The address of the sign-in. */
  readonly ip: string
  readonly userAgent: string
  /** The URL of this Rekey. */
  readonly url: string
}

/** Notifies a user that someone entered their password, and was asked for the second step. */
export const challengeMail =
  (notice: ChallengeNotice): MailTemplate =>
  language => {
    const { t } = language
    return {
      subject: t('sign-in-notices.challengeMail.subject'),
      greeting: t('mail.greeting', { firstName: notice.firstName }),
      paragraphs: [
        t('sign-in-notices.challengeMail.explanation'),
        t('sign-in-notices.challengeMail.advice'),
      ],
      facts: placeFacts(language, notice.at, notice),
      action: { label: t('mail.openRekey'), url: notice.url },
      footer: t('sign-in-notices.challengeMail.footer'),
    }
  }
