import { type MailTemplate, placeFacts } from '../mail/mail-content.js'
import type { Language } from '../messages/language.js'

/** A change of a user's second factors, or the use of a recovery code. */
export type SecondFactorEvent =
  | { readonly kind: 'added' | 'removed'; readonly name: string }
  /** `by`: the full name of the administrator; null if the operator did it. */
  | { readonly kind: 'reset'; readonly by: string | null }
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

/** The subject of the notice, and a sentence about the event. */
const wordsOf = ({ t }: Language, event: SecondFactorEvent): readonly [string, string] => {
  switch (event.kind) {
    case 'added':
      return [t('second-factor.mail.addedSubject'), t('second-factor.mail.added', event)]
    case 'removed':
      return [t('second-factor.mail.removedSubject'), t('second-factor.mail.removed', event)]
    case 'reset':
      return [
        t('second-factor.mail.resetSubject'),
        event.by === null
          ? t('second-factor.mail.resetByOperator')
          : t('second-factor.mail.reset', { by: event.by }),
      ]
    case 'codesRegenerated':
      return [t('second-factor.mail.codesSubject'), t('second-factor.mail.codes')]
    case 'recoveryCodeUsed':
      return [t('second-factor.mail.codeUsedSubject'), t('second-factor.mail.codeUsed', event)]
  }
}

/**
 * Notifies a user of a change of their second factors (OWASP ASVS 5.0, 6.3.7). It never
 * contains a code or a secret.
 */
export const secondFactorMail =
  (notice: SecondFactorNotice): MailTemplate =>
  language => {
    const { t } = language
    const [subject, sentence] = wordsOf(language, notice.event)
    return {
      subject,
      greeting: t('mail.greeting', { firstName: notice.firstName }),
      paragraphs: [sentence, t('mail.reportUnknown')],
      facts: placeFacts(language, notice.at, notice),
      action: { label: t('mail.openRekey'), url: notice.url },
      footer: t('second-factor.mail.footer'),
    }
  }
