import type { MailState } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'

/** The names of the states of mails. */
export const mailStateMessages: Record<MailState, PlainMessageId> = {
  WAITING: 'mail.state.WAITING',
  SENT: 'mail.state.SENT',
  FAILED: 'mail.state.FAILED',
  DROPPED: 'mail.state.DROPPED',
}
