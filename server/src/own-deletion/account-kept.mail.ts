import type { MailTemplate } from '../mail/mail-content.js'

/** Why an account is not deleted: the user changed their mind, or Rekey may not delete it. */
export type KeptReason = 'BY_USER' | 'NOT_ALLOWED' | 'LAST_OWNER' | 'NOT_ACTIVE' | 'SECURED'

const reasonMessages = {
  BY_USER: 'own-deletion.keptMail.BY_USER',
  NOT_ALLOWED: 'own-deletion.keptMail.NOT_ALLOWED',
  LAST_OWNER: 'own-deletion.keptMail.LAST_OWNER',
  NOT_ACTIVE: 'own-deletion.keptMail.NOT_ACTIVE',
  SECURED: 'own-deletion.keptMail.SECURED',
} as const satisfies Record<KeptReason, string>

/** The facts that the notice contains. */
export interface AccountKeptNotice {
  readonly firstName: string
  readonly reason: KeptReason
  /** The address of Rekey. */
  readonly url: string
}

/** Notifies a user that the deletion that they requested does not take place. */
export const accountKeptMail =
  ({ firstName, reason, url }: AccountKeptNotice): MailTemplate =>
  ({ t }) => ({
    subject: t('own-deletion.keptMail.subject'),
    greeting: t('mail.greeting', { firstName }),
    paragraphs: [t(reasonMessages[reason])],
    facts: [],
    action: { label: t('mail.openRekey'), url },
    footer: t('own-deletion.keptMail.footer'),
  })
