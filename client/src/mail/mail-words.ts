import type { MailState } from '../gql/graphql'
import type { PlainMessageId, Translate } from '../messages/locale'
import type { MailDestination } from './use-mail-settings'

/** The names of the states of mails. */
export const mailStateMessages: Record<MailState, PlainMessageId> = {
  WAITING: 'mail.state.WAITING',
  SENT: 'mail.state.SENT',
  FAILED: 'mail.state.FAILED',
  DROPPED: 'mail.state.DROPPED',
}

/** Explains what happens to the mail with a link if no mail server is configured. */
export const linkKeptInWords = (
  t: Translate,
  { outboxFolder }: Pick<MailDestination, 'outboxFolder'>,
): string =>
  outboxFolder == null ? t('mail.link.kept') : t('mail.link.keptInFolder', { folder: outboxFolder })

/** Like {@link linkKeptInWords}, with the reason. */
export const notMailedInWords = (
  t: Translate,
  { outboxFolder }: Pick<MailDestination, 'outboxFolder'>,
): string =>
  outboxFolder == null
    ? t('mail.link.notMailed')
    : t('mail.link.notMailedInFolder', { folder: outboxFolder })
