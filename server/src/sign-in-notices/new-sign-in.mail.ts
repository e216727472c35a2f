import { type MailContent, placeFacts } from '../mail/mail-content.js'

/** A sign-in from somewhere new, as its notice tells of it. */
export interface NewSignInNotice {
  /** First name of who signed in. */
  readonly firstName: string
  readonly at: Date
  /** Address of the sign-in. */
  readonly ip: string
  readonly userAgent: string
  /** Whether they have signed in with this browser before. */
  readonly deviceKnown: boolean
  /** Whether they have signed in from this network before. */
  readonly networkKnown: boolean
  /** Where Rekey is. */
  readonly url: string
}

const whatIsNew = ({ deviceKnown, networkKnown }: NewSignInNotice): string => {
  if (deviceKnown) return 'from a network we had not seen you in before'
  if (networkKnown) return 'with a browser we had not seen before'
  return 'with a browser and from a network we had not seen before'
}

/** Tells of a sign-in with a browser or from a network not seen before. */
export const newSignInMail = (notice: NewSignInNotice): MailContent => ({
  subject: 'New sign-in to your account',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [
    `Someone signed in to your Rekey account ${whatIsNew(notice)}.`,
    'If that was you, there is nothing to do. If not, change your password at once: it signs out everyone else. And tell an administrator of your Rekey.',
  ],
  facts: placeFacts(notice.at, notice),
  action: { label: 'Open Rekey', url: notice.url },
  footer: 'Rekey sends this after a sign-in with a new browser or from a new network.',
})
