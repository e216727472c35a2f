import { type MailTemplate, placeFacts } from '../mail/mail-content.js'
import type { Language } from '../messages/language.js'

/** What an administrator did to how a user signs in. */
export type AdministratorAction =
  | {
      readonly kind: 'passwordChangeRequired' | 'passwordChangeWithdrawn' | 'signedOut' | 'blocked'
    }
  /** How many API tokens were restored, and how many were revoked. */
  | { readonly kind: 'unblocked'; readonly restored: number; readonly revoked: number }
  | { readonly kind: 'sessionEnded' | 'devicesForgotten' }
  /** The first characters of the API token. */
  | { readonly kind: 'apiTokenRevoked'; readonly prefix: string }
  /** A link that sets the password, to hand over, and how long it is valid. */
  | { readonly kind: 'resetLinkCreated'; readonly minutes: number }
  | { readonly kind: 'invitationLinkCreated'; readonly hours: number }

/** The content of the notice. */
export interface AdministratorNotice {
  /** First name of the user. */
  readonly firstName: string
  readonly action: AdministratorAction
  /** The full name of the administrator. */
  readonly by: string
  readonly at: Date
  /** The address that the administrator used. */
  readonly ip: string
  readonly userAgent: string
  /** The URL of this Rekey. */
  readonly url: string
}

/** The subject of the notice, and its sentences about the action. */
const wordsOf = (
  { t }: Language,
  { action, by }: AdministratorNotice,
): readonly [string, ...string[]] => {
  switch (action.kind) {
    case 'passwordChangeRequired':
      return [
        t('user-management.mail.passwordChangeRequiredSubject'),
        t('user-management.mail.passwordChangeRequired', { by }),
      ]
    case 'passwordChangeWithdrawn':
      return [
        t('user-management.mail.passwordChangeWithdrawnSubject'),
        t('user-management.mail.passwordChangeWithdrawn', { by }),
      ]
    case 'signedOut':
      return [
        t('user-management.mail.signedOutSubject'),
        t('user-management.mail.signedOut', { by }),
      ]
    case 'sessionEnded':
      return [
        t('user-management.mail.sessionEndedSubject'),
        t('user-management.mail.sessionEnded', { by }),
      ]
    case 'devicesForgotten':
      return [
        t('user-management.mail.devicesForgottenSubject'),
        t('user-management.mail.devicesForgotten', { by }),
      ]
    case 'apiTokenRevoked':
      return [
        t('user-management.mail.apiTokenRevokedSubject'),
        t('user-management.mail.apiTokenRevoked', { by, prefix: action.prefix }),
      ]
    case 'blocked':
      return [t('user-management.mail.blockedSubject'), t('user-management.mail.blocked', { by })]
    case 'unblocked': {
      const { restored, revoked } = action
      return [
        t('user-management.mail.unblockedSubject'),
        t('user-management.mail.unblocked', { by }),
        ...(restored > 0 ? [t('user-management.mail.restored', { count: restored })] : []),
        ...(revoked > 0 ? [t('user-management.mail.revoked', { count: revoked })] : []),
      ]
    }
    case 'resetLinkCreated':
      return [
        t('user-management.mail.resetLinkCreatedSubject'),
        t('user-management.mail.resetLinkCreated', { by, minutes: action.minutes }),
      ]
    case 'invitationLinkCreated':
      return [
        t('user-management.mail.invitationLinkCreatedSubject'),
        t('user-management.mail.invitationLinkCreated', { by, hours: action.hours }),
      ]
  }
}

/**
 * Notifies a user of what an administrator did to how they sign in (OWASP ASVS 5.0, 6.3.7). It never
 * contains a link that sets a password, or the reason of a block.
 */
export const administratorNoticeMail =
  (notice: AdministratorNotice): MailTemplate =>
  language => {
    const { t } = language
    const [subject, ...sentences] = wordsOf(language, notice)
    return {
      subject,
      greeting: t('mail.greeting', { firstName: notice.firstName }),
      paragraphs: [...sentences, t('mail.reportUnknown')],
      facts: placeFacts(language, notice.at, notice),
      action: { label: t('mail.openRekey'), url: notice.url },
      footer: t('user-management.mail.footer'),
    }
  }
