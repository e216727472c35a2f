import { registerEnumType } from 'type-graphql'

/** The state of a mail. */
export enum MailState {
  WAITING = 'WAITING',
  SENT = 'SENT',
  FAILED = 'FAILED',
  DROPPED = 'DROPPED',
}

registerEnumType(MailState, {
  name: 'MailState',
  description: 'The state of a mail.',
  valuesConfig: {
    WAITING: { description: 'The mail waits for its first or next delivery attempt.' },
    SENT: {
      description: 'The mail server accepted it. Without a mail server, it was kept as a file.',
    },
    FAILED: {
      description:
        'The mail server rejected the mail, it could not be delivered within five days, or its link expired before that. The server does not try it again automatically.',
    },
    DROPPED: { description: 'An administrator dropped the mail.' },
  },
})
