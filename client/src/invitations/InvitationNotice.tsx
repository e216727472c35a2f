import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { accessRefusalKeys } from '@rekey/shared/access'
import { IconMail } from '@tabler/icons-react'
import { useState } from 'react'
import { graphql } from '../gql'
import type { MailState, OneTimeLinkStatus, UserInvitationFragment } from '../gql/graphql'
import { type MailDestination, useMailSettings } from '../mail/use-mail-settings'
import type { PlainMessageId } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { SignInDialogs } from '../users/SignInDialogs'
import { TimeAgo } from '../users/TimeAgo'
import { useResendInvitation } from './use-resend-invitation'
import { useRevokeInvitation } from './use-revoke-invitation'

graphql(`
  fragment UserInvitation on User {
    id
    login
    name
    status
    invitation {
      status
      sentAt
      sentToLogin
      expiresAt
      mail
      mailFailure
    }
    refusalToChangePassword
    refusalToManageInvitation
  }
`)

const titleMessages: Record<OneTimeLinkStatus | 'NONE', PlainMessageId> = {
  VALID: 'invitations.notice.title.VALID',
  EXPIRED: 'invitations.notice.title.EXPIRED',
  USED: 'invitations.notice.title.USED',
  REVOKED: 'invitations.notice.title.REVOKED',
  UNKNOWN: 'invitations.notice.title.NONE',
  NONE: 'invitations.notice.title.NONE',
}

interface MailProgressProps {
  invitation: NonNullable<UserInvitationFragment['invitation']>
  settings: MailDestination | undefined
}

/** The state of the mail of an invitation. Shows nothing after a mail server has accepted it. */
const MailProgress = ({ invitation: { mail, mailFailure }, settings }: MailProgressProps) => {
  const { t } = useLocale()
  const words: Record<MailState, string | null> = {
    SENT: settings?.configured === false ? t('invitations.notice.unmailed') : null,
    WAITING:
      mailFailure == null
        ? t('invitations.mail.waiting')
        : t('invitations.mail.retrying', { reason: mailFailure }),
    FAILED:
      mailFailure == null
        ? t('invitations.mail.failed')
        : t('invitations.mail.failedBecause', { reason: mailFailure }),
    DROPPED: t('invitations.mail.dropped'),
  }
  if (words[mail] === null) return null
  return (
    <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
      {words[mail]}
    </Text>
  )
}

interface SentProps {
  invitation: NonNullable<UserInvitationFragment['invitation']>
  /** Whether mail is configured, so that the invitation was sent and not only created. */
  mailed: 'yes' | 'no'
}

/** When an invitation was sent, and until when its link works. */
const Sent = ({ invitation: { status, sentAt, expiresAt }, mailed }: SentProps) => {
  const { formatMoment } = useLocale()
  const when = <TimeAgo at={sentAt} />
  if (status === 'VALID') {
    const until = formatMoment(expiresAt)
    return <Message id="invitations.notice.sentValid" values={{ mailed, when, until }} />
  }
  if (status === 'EXPIRED') {
    const ended = <TimeAgo at={expiresAt} />
    return <Message id="invitations.notice.sentExpired" values={{ mailed, when, ended }} />
  }
  return <Message id="invitations.notice.sentBefore" values={{ mailed, when }} />
}

/** The state of a user's invitation, with buttons that send it again or revoke it. */
export const InvitationNotice = ({ user }: { user: UserInvitationFragment }) => {
  const { t } = useLocale()
  const revoking = useRevokeInvitation(user)
  const [copying, setCopying] = useState(false)
  const { invitation, refusalToManageInvitation: refusal } = user
  const settings = useMailSettings()
  const { send, loading } = useResendInvitation(user)
  const mailed = settings?.configured !== false
  const mayCopy = user.refusalToChangePassword == null
  const status = invitation?.status ?? 'NONE'
  const isStuck =
    (settings?.configured === false && invitation?.sentToLogin !== false) ||
    !['SENT', 'WAITING'].includes(invitation?.mail ?? 'SENT')

  return (
    <Alert
      color={status === 'VALID' && !isStuck ? 'blue' : 'yellow'}
      icon={<IconMail aria-hidden />}
      title={t(titleMessages[status])}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {invitation != null && (
            <>
              <Sent
                invitation={invitation}
                mailed={settings?.configured === true && invitation.sentToLogin ? 'yes' : 'no'}
              />{' '}
            </>
          )}
          {status !== 'VALID' && t('invitations.notice.notActive', { name: user.name })}
        </Text>
        {status === 'VALID' && invitation?.sentToLogin === true && (
          <MailProgress invitation={invitation} settings={settings} />
        )}
        {refusal == null ? (
          <Group gap="xs">
            {mailed && (
              <Button size="xs" variant="default" loading={loading} onClick={send}>
                {status === 'NONE' ? t('invitations.notice.send') : t('invitations.notice.resend')}
              </Button>
            )}
            {!mailed && mayCopy && (
              <Button size="xs" variant="default" onClick={() => setCopying(true)}>
                {t('users.actions.copyInvitation')}
              </Button>
            )}
            {status === 'VALID' && (
              <Button size="xs" variant="default" onClick={revoking.start}>
                {t('invitations.notice.revoke')}
              </Button>
            )}
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            {t('invitations.notice.mayNot')} {t(accessRefusalKeys[refusal])}
          </Text>
        )}
      </Stack>
      <SignInDialogs
        user={user}
        action={copying ? 'copyInvitation' : null}
        onClose={() => setCopying(false)}
      />
      {revoking.dialog}
    </Alert>
  )
}
