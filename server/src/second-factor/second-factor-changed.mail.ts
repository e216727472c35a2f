import { type MailContent, placeFacts } from '../mail/mail-content.js'

/** What became of someone's second factors. */
export type SecondFactorEvent =
  | { readonly kind: 'added' | 'removed'; readonly name: string }
  | { readonly kind: 'reset'; readonly by: string }
  | { readonly kind: 'codesRegenerated' }
  | { readonly kind: 'recoveryCodeUsed'; readonly left: number }

/** A change, as its notice tells of it. */
export interface SecondFactorNotice {
  /** First name of whose second factor it is. */
  readonly firstName: string
  readonly event: SecondFactorEvent
  readonly at: Date
  /** Address it was done from. */
  readonly ip: string
  readonly userAgent: string
  /** Where Rekey is. */
  readonly url: string
}

const wordsOf = (event: SecondFactorEvent): readonly [string, string] => {
  switch (event.kind) {
    case 'added':
      return [
        'A second factor was added',
        `“${event.name}” can be used from now on to sign in to your Rekey account.`,
      ]
    case 'removed':
      return [
        'A second factor was removed',
        `“${event.name}” can no longer be used to sign in to your Rekey account.`,
      ]
    case 'reset':
      return [
        'Your second factor was reset',
        `${event.by} removed every second factor, recovery code and trusted device of your Rekey account. Your password alone signs you in until you add a second factor again.`,
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

/** Tells of a change to how someone signs in (OWASP ASVS 5.0, 6.3.7); never a code or a secret. */
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
    footer:
      'Rekey sends this to everyone whose second factors were changed. It never contains a code.',
  }
}
