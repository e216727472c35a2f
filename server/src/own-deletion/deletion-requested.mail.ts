import { type MailTemplate, placeFacts } from '../mail/mail-content.js'

/** The facts of a requested deletion that the notice contains. */
export interface DeletionRequestedNotice {
  readonly firstName: string
  /** When the account is deleted. */
  readonly dueAt: Date
  readonly at: Date
  /** The IP address from which the deletion was requested. */
  readonly ip: string
  readonly userAgent: string
  /** The address of Rekey. */
  readonly url: string
}

/** Notifies a user that their account will be deleted, and how they keep it. */
export const deletionRequestedMail =
  (notice: DeletionRequestedNotice): MailTemplate =>
  language => {
    const { t } = language
    const time = language.formatMoment(notice.dueAt)
    return {
      subject: t('own-deletion.requestedMail.subject'),
      greeting: t('mail.greeting', { firstName: notice.firstName }),
      paragraphs: [
        t('own-deletion.requestedMail.explanation', { time }),
        t('own-deletion.requestedMail.keep'),
        t('own-deletion.requestedMail.unexpected'),
      ],
      facts: placeFacts(language, notice.at, notice),
      action: { label: t('mail.openRekey'), url: notice.url },
      footer: t('own-deletion.requestedMail.footer'),
    }
  }
