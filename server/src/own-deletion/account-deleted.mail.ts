import type { MailTemplate } from '../mail/mail-content.js'

/** Notifies a person that their account was deleted, as they requested. */
export const accountDeletedMail =
  ({ firstName }: { readonly firstName: string }): MailTemplate =>
  ({ t }) => ({
    subject: t('own-deletion.deletedMail.subject'),
    greeting: t('mail.greeting', { firstName }),
    paragraphs: [t('own-deletion.deletedMail.explanation'), t('own-deletion.deletedMail.remains')],
    facts: [],
    footer: t('own-deletion.deletedMail.footer'),
  })
