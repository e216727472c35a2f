import { type MailTemplate, placeFacts } from '../mail/mail-content.js'

/** The content of the notice about a sign-in with a new browser or from a new network. */
export interface NewSignInNotice {
  /** First name of the user who signed in. */
  readonly firstName: string
  readonly at: Date
  /** The address of the sign-in. */
  readonly ip: string
  readonly userAgent: string
  /** True if the user has signed in with this browser before. */
  readonly deviceKnown: boolean
  /** True if the user has signed in from this network before. */
  readonly networkKnown: boolean
  /** The URL of this Rekey. */
  readonly url: string
}

const explanationOf = ({ deviceKnown, networkKnown }: NewSignInNotice) => {
  if (deviceKnown) return 'sign-in-notices.newSignInMail.network'
  return networkKnown
    ? 'sign-in-notices.newSignInMail.browser'
    : 'sign-in-notices.newSignInMail.both'
}

/** Notifies a user of a sign-in with a new browser or from a new network. */
export const newSignInMail =
  (notice: NewSignInNotice): MailTemplate =>
  language => {
    const { t } = language
    return {
      subject: t('sign-in-notices.newSignInMail.subject'),
      greeting: t('mail.greeting', { firstName: notice.firstName }),
      paragraphs: [t(explanationOf(notice)), t('sign-in-notices.newSignInMail.advice')],
      facts: placeFacts(language, notice.at, notice),
      action: { label: t('mail.openRekey'), url: notice.url },
      footer: t('sign-in-notices.newSignInMail.footer'),
    }
  }
