import { type MailContent, placeFacts } from '../mail/mail-content.js'

/** A change of a user's second factors, or the use of a recovery code. */
export type SecondFactorEvent =
  | { readonly kind: 'added' | 'removed'; readonly name: string }
  | { readonly kind: 'reset'; readonly by: string }
  | { readonly kind: 'codesRegenerated' }
  | { readonly kind: 'recoveryCodeUsed'; readonly left: number }

/** The content of the notice. */
export interface SecondFactorNotice {
  /** First name of the owner of the second factor. */
  readonly firstName: string
  readonly event: SecondFactorEvent
  readonly at: Date
  /** The address that the change came from. */
  readonly ip: string
  readonly userAgent: string
  /** The URL of this Rekey. */
  readonly url: string
}

const wordsOf = (event: SecondFactorEvent): readonly [string, string] => {
  switch (event.kind) {
    case 'added':
      return [
        'A second factor was added',
        `You can now use “${event.name}” to sign in to your Rekey account.`,
      ]
    case 'removed':
      return [
        'A second factor was removed',
        `You can no longer use “${event.name}” to sign in to your Rekey account.`,
      ]
    case 'reset':
      return [
        'Your second factor was reset',
        `${event.by} removed all second factors, recovery codes and trusted devices of your Rekey account. You sign in with only your password until you add a second factor again.`,
      ]
    case 'codesRegenerated':
      return [
        'Your recovery codes were replaced',
        'The recovery codes of your Rekey account were replaced. The old ones no longer work.',
      ]
    case 'recoveryCodeUsed':
      return [
        'A recovery code was used',
        `Someone signed in to your Rekey account with your password and a recovery code. ${event.left === 1 ? 'One is' : `${event.left} are`} left.`,
      ]
  }
}

/**
 * Notifies a user of a change of their second factors (OWASP ASVS 5.0, 6.3.7). It never
 * contains a code or a secret.
 */
export const secondFactorMail = (notice: SecondFactorNotice): MailContent => {
  const [subject, sentence] = wordsOf(notice.event)
  return {
    subject,
    greeting: `Hello ${notice.firstName},`,
    paragraphs: [
      sentence,
      'If you know of this, there is nothing to do. If not, tell an administrator of your Rekey at once.',
    ],
    facts: placeFacts(notice.at, notice),
    action: { label: 'Open Rekey', url: notice.url },
    footer: 'Rekey sends this mail when your second factors change. It never contains a code.',
  }
}
