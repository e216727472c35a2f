import { type MailContent, placeFacts } from '../mail/mail-content.js'

/** A change, as its notice tells of it. */
export interface PasswordChangedNotice {
  /** First name of whose password it is. */
  readonly firstName: string
  readonly at: Date
  /** Address it was changed from. */
  readonly ip: string
  readonly userAgent: string
  /** Full name of who changed it; null when they did themselves. */
  readonly changedBy: string | null
  /** Whether it was forgotten, and replaced through the link of a mail. */
  readonly viaResetLink: boolean
  /** What the API token of theirs begins with by which it was changed; null without one. */
  readonly viaApiToken: string | null
  /** How many API tokens of theirs go on working. */
  readonly apiTokens: number
  /** How many passkeys of theirs go on signing in by themselves. */
  readonly passkeys: number
  /** Names of those among them that were added in the last day before the change. */
  readonly newPasskeys: readonly string[]
  /** Where Rekey is. */
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

/** Tells that a password was changed (OWASP ASVS 5.0, 6.3.7); never which. */
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
