import type { MailTemplate } from './mail-content.js'

/** The data of a test mail. */
export interface TestNotice {
  /** The first name of the user who sends the mail to themselves. */
  readonly firstName: string
  readonly at: Date
  /** The address of this Rekey. */
  readonly url: string
}

/** The mail that shows an administrator that mails arrive. */
export const testMail =
  (notice: TestNotice): MailTemplate =>
  language => {
    const { t } = language
    return {
      subject: t('mail.test.subject'),
      greeting: t('mail.greeting', { firstName: notice.firstName }),
      paragraphs: [t('mail.test.explanation')],
      facts: [
        [t('mail.test.sent'), language.formatMoment(notice.at)],
        [t('mail.fact.from'), notice.url],
      ],
      footer: t('mail.test.footer'),
    }
  }
