import type { MailTemplate } from '../mail/mail-content.js'
import { invitationReference } from '../one-time-links/invitation-reference.js'

/** The facts of an invitation that its mail contains. */
export interface InvitationNotice {
  /** The first name of the invited user. */
  readonly firstName: string
  readonly login: string
  /** The full name of the user who sends the invitation. */
  readonly invitedBy: string
  readonly expiresAt: Date
  /** The id of the invited user. */
  readonly userId: string
  /** The address of the page, with the token in its fragment. */
  readonly url: string
}

/** The mail that invites a user to set their password. */
export const invitationMail =
  (notice: InvitationNotice): MailTemplate =>
  language => {
    const { t } = language
    return {
      subject: t('invitations.mail.subject'),
      greeting: t('mail.greeting', { firstName: notice.firstName }),
      paragraphs: [
        t('invitations.mail.explanation', { invitedBy: notice.invitedBy }),
        t('invitations.mail.advice'),
      ],
      facts: [
        [t('invitations.mail.login'), notice.login],
        [t('invitations.mail.expires'), language.formatMoment(notice.expiresAt)],
      ],
      action: { label: t('invitations.mail.open'), url: notice.url },
      linkExpiresAt: notice.expiresAt,
      reference: invitationReference(notice.userId),
      footer: t('invitations.mail.footer'),
    }
  }
