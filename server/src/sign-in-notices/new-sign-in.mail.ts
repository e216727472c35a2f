import { type MailContent, placeFacts } from '../mail/mail-content.js'

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

const whatIsNew = ({ deviceKnown, networkKnown }: NewSignInNotice): string => {
  if (deviceKnown) return 'from a network that we had not seen you use before'
  if (networkKnown) return 'with a browser that we had not seen before'
  return 'with a browser and from a network that we had not seen before'
}

/** Notifies a user of a sign-in with a new browser or from a new network. */
export const newSignInMail = (notice: NewSignInNotice): MailContent => ({
  subject: 'New sign-in to your account',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [
    `Someone signed in to your Rekey account ${whatIsNew(notice)}.`,
    'If that was you, there is nothing to do. If not, change your password at once, which signs out everyone else, and tell an administrator of your Rekey.',
  ],
  facts: placeFacts(notice.at, notice),
  action: { label: 'Open Rekey', url: notice.url },
  footer: 'Rekey sends this mail after a sign-in with a new browser or from a new network.',
})
