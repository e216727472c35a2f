import type { MailTemplate } from '../mail/mail-content.js'

/** The facts of an import that the mail to the imported user contains. */
export interface AccountImportedNotice {
  /** The first name of the imported user. */
  readonly firstName: string
  readonly login: string
  /** The full name of the user who imported them. */
  readonly addedBy: string
  /** The address of Rekey. */
  readonly url: string
}

/** Notifies an imported user that they can sign in with the password they already have. */
export const accountImportedMail =
  (notice: AccountImportedNotice): MailTemplate =>
  ({ t }) => ({
    subject: t('user-import.mail.subject'),
    greeting: t('mail.greeting', { firstName: notice.firstName }),
    paragraphs: [
      t('user-import.mail.explanation', { addedBy: notice.addedBy }),
      t('user-import.mail.firstSignIn'),
      t('user-import.mail.forgotten'),
    ],
    facts: [[t('user-import.mail.login'), notice.login]],
    action: { label: t('mail.openRekey'), url: notice.url },
    footer: t('user-import.mail.footer'),
  })
