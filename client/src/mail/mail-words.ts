import type { MailState } from '../gql/graphql'
import { formatNumber } from '../ui/formats'
import type { MailDestination } from './use-mail-settings'

/** The names of the states of mails. */
export const mailStateNames: Record<MailState, string> = {
  WAITING: 'Waiting',
  SENT: 'Sent',
  FAILED: 'Failed',
  DROPPED: 'Dropped',
}

/** Where mails are kept if no mail server is configured. */
export const keptInWords = ({ outboxFolder }: Pick<MailDestination, 'outboxFolder'>): string =>
  outboxFolder == null
    ? 'The server keeps it as a file in its outbox folder, which its log names. Ask the operator.'
    : `The server keeps it as a file in ${outboxFolder}.`

/** Explains what happens to the mail with a link if no mail server is configured. */
export const linkKeptInWords = (settings: Pick<MailDestination, 'outboxFolder'>): string =>
  `Nobody receives the mail with the link. ${keptInWords(settings)}`

/** Like {@link linkKeptInWords}, with the reason. */
export const notMailedInWords = (settings: Pick<MailDestination, 'outboxFolder'>): string =>
  `Mail is not configured. ${linkKeptInWords(settings)}`

/** A number of mails, such as “1 mail”. */
export const mailsInWords = (count: number): string =>
  `${formatNumber(count)} ${count === 1 ? 'mail' : 'mails'}`
