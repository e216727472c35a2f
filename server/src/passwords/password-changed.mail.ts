import { type MailContent, placeFacts } from '../mail/mail-content.js'

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
  /** Whether the user had forgotten the password and replaced it through the link in a mail. */
  readonly viaResetLink: boolean
  /** The prefix of the user's API token that changed the password; null if none did. */
  readonly viaApiToken: string | null
  /** How many API tokens of the user stay valid. */
  readonly apiTokens: number
  /** How many passkeys of the user can still sign in without a password. */
  readonly passkeys: number
  /** The names of the passkeys that were added in the last day before the change. */
  readonly newPasskeys: readonly string[]
  /** The address of Rekey. */
  readonly url: string
}

const whatHappened = ({ changedBy, viaResetLink, viaApiToken }: PasswordChangedNotice): string => {
  if (viaResetLink) {
    return 'The password of your Rekey account was replaced through the link we sent you. Every session of yours was signed out.'
  }
  if (viaApiToken !== null) {
    return `The password of your Rekey account was changed by your API token ${viaApiToken}…. Every session of yours was signed out.`
  }
  return changedBy === null
    ? 'The password of your Rekey account was changed. Every other session was signed out.'
    : `${changedBy} changed the password of your Rekey account. Every session of yours was signed out.`
}

const whatGoesOn = (apiTokens: number): string =>
  apiTokens === 1
    ? 'One API token of yours goes on working. If you don’t know it, or don’t use it any more, revoke it under My account → API.'
    : `${apiTokens} API tokens of yours go on working. Revoke those you don’t know or don’t use any more under My account → API.`

const whichPasskeysGoOn = ({ passkeys, newPasskeys }: PasswordChangedNotice): string[] => {
  if (passkeys === 0) return []
  const goOn =
    passkeys === 1
      ? 'One passkey of yours goes on signing in without a password.'
      : `${passkeys} passkeys of yours go on signing in without a password.`
  const added =
    newPasskeys.length === 0
      ? ''
      : ` Added in the last day: ${newPasskeys.map(name => `“${name}”`).join(', ')}.`
  return [`${goOn}${added} Remove those you don’t know under My account → Security.`]
}

/**
 * Notifies a user that their password was changed (OWASP ASVS 5.0, 6.3.7). Never contains the
 * password.
 */
export const passwordChangedMail = (notice: PasswordChangedNotice): MailContent => ({
  subject: 'Your password was changed',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [
    whatHappened(notice),
    ...(notice.apiTokens === 0 ? [] : [whatGoesOn(notice.apiTokens)]),
    ...whichPasskeysGoOn(notice),
    'If you know of this, there is nothing to do. If not, tell an administrator of your Rekey at once.',
  ],
  facts: placeFacts(notice.at, notice),
  action: { label: 'Open Rekey', url: notice.url },
  footer: 'Rekey sends this to everyone whose password was changed. It never contains a password.',
})
