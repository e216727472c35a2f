import type { MailTemplate } from '../mail/mail-content.js'
import type { Language } from '../messages/language.js'
import type { PasswordDeadline } from '../users/password-age.js'

/** The facts of a reminder of an old password. */
export interface PasswordReminder {
  readonly firstName: string
  readonly changedAt: Date
  readonly deadline: PasswordDeadline
  /** Whether the deadline has passed. */
  readonly passed: boolean
  /** The address of Rekey. */
  readonly url: string
}

const adviceOf = (language: Language, { deadline, passed }: PasswordReminder): string => {
  const { t } = language
  const time = language.formatMoment(deadline.at)
  if (deadline.required) {
    return passed ? t('password-age.mail.mustNow') : t('password-age.mail.mustBy', { time })
  }
  return passed ? t('password-age.mail.shouldNow') : t('password-age.mail.shouldBy', { time })
}

/** Reminds a user to change a password that is old or will soon be. */
export const passwordReminderMail =
  (reminder: PasswordReminder): MailTemplate =>
  language => {
    const { t } = language
    return {
      subject: t('password-age.mail.subject'),
      greeting: t('mail.greeting', { firstName: reminder.firstName }),
      paragraphs: [
        t('password-age.mail.changedAt', { time: language.formatMoment(reminder.changedAt) }),
        adviceOf(language, reminder),
        t('password-age.mail.how'),
      ],
      facts: [],
      action: { label: t('mail.openRekey'), url: reminder.url },
      footer: t('password-age.mail.footer'),
    }
  }
