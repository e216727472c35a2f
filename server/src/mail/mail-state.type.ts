import { registerEnumType } from 'type-graphql'

/** How far a mail is. */
export enum MailState {
  WAITING = 'WAITING',
  SENT = 'SENT',
  FAILED = 'FAILED',
  DROPPED = 'DROPPED',
}

registerEnumType(MailState, {
  name: 'MailState',
  description: 'How far a mail is.',
  valuesConfig: {
    WAITING: { description: 'It waits for delivery, for the first time or again.' },
    SENT: {
      description: 'The mail server accepted it. Without a mail server, it was kept as a file.',
    },
    FAILED: {
      description:
        'The mail server refused it, it could not be delivered within five days, or its link expired before. It is not tried again by itself.',
    },
    DROPPED: { description: 'An administrator dropped it.' },
  },
})
