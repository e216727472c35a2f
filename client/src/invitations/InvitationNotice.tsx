import { useMutation } from '@apollo/client/react'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { useState } from 'react'
import { refusalInWords } from '../access/refusal-words'
import { graphql } from '../gql'
import type { MailState, OneTimeLinkStatus, UserInvitationFragment } from '../gql/graphql'
import { notMailedInWords } from '../mail/mail-words'
import { type MailDestination, useMailSettings } from '../mail/use-mail-settings'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { formatMoment } from '../ui/formats'
import { notifyFailure, notifyProblem, notifySuccess } from '../ui/notify'
import { TimeAgo } from '../users/TimeAgo'

graphql(`
  fragment UserInvitation on User {
    id
    login
    name
    status
    invitation {
      status
      sentAt
      expiresAt
      mail
      mailFailure
    }
    refusalToManageInvitation
  }
`)

const ResendInvitation = graphql(`
  mutation ResendInvitation($input: ResendInvitationInput!) {
    resendInvitation(input: $input) {
      user {
        ...UserInvitation
      }
      errors {
        __typename
        ... on UserError {
          message
        }
      }
    }
  }
`)

const RevokeInvitation = graphql(`
  mutation RevokeInvitation($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) {
      user {
        ...UserInvitation
      }
      errors {
        __typename
        ... on UserError {
          message
        }
      }
    }
  }
`)

const titles: Record<OneTimeLinkStatus | 'NONE', string> = {
  VALID: 'Invited, and not accepted yet',
  EXPIRED: 'The invitation has expired',
  USED: 'The invitation was accepted',
  REVOKED: 'The invitation was revoked',
  UNKNOWN: 'No invitation was sent',
  NONE: 'No invitation was sent',
}

interface MailProgressProps {
  invitation: NonNullable<UserInvitationFragment['invitation']>
  settings: MailDestination | undefined
}

/** The state of the mail of an invitation. Shows nothing after a mail server has accepted it. */
const MailProgress = ({ invitation: { mail, mailFailure }, settings }: MailProgressProps) => {
  const { t } = useLocale()
  const reason = mailFailure == null ? '' : ` ${mailFailure}`
  const words: Record<MailState, string | null> = {
    SENT: settings?.configured === false ? notMailedInWords(t, settings) : null,
    WAITING:
      mailFailure == null
        ? 'The mail waits for delivery.'
        : `The mail will be tried again:${reason}`,
    FAILED: `The mail was not delivered:${reason}`,
    DROPPED: 'An administrator dropped the mail, so it was not delivered.',
  }
  if (words[mail] === null) return null
  return (
    <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
      {words[mail]}
    </Text>
  )
}

/** The state of a user's invitation, with buttons that send it again or revoke it. */
export const InvitationNotice = ({ user }: { user: UserInvitationFragment }) => {
  const { t } = useLocale()
  const [resend, { loading }] = useMutation(ResendInvitation)
  const [revoke] = useMutation(RevokeInvitation)
  const [revoking, setRevoking] = useState(false)
  const { invitation, refusalToManageInvitation: refusal } = user
  const settings = useMailSettings()
  const status = invitation?.status ?? 'NONE'
  const isStuck =
    settings?.configured === false || !['SENT', 'WAITING'].includes(invitation?.mail ?? 'SENT')

  const send = async () => {
    try {
      const { data } = await resend({ variables: { input: { userId: user.id } } })
      const [error] = data?.resendInvitation.errors ?? []
      if (error === undefined) {
        if (settings?.configured === false) {
          notifySuccess('New link created', notMailedInWords(t, settings))
        } else {
          notifySuccess('Invitation sent', `A fresh link is on its way to ${user.login}.`)
        }
      } else {
        notifyFailure('Invitation not sent', error.message)
      }
    } catch (problem) {
      notifyProblem('Invitation not sent', problem)
    }
  }

  return (
    <Alert
      color={status === 'VALID' && !isStuck ? 'blue' : 'yellow'}
      icon={<IconMail aria-hidden />}
      title={titles[status]}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {invitation != null && (
            <>
              {settings?.configured === true ? 'Sent' : 'Created'}{' '}
              <TimeAgo at={invitation.sentAt} />
              {status === 'VALID' && (
                <>; the link works until {formatMoment(invitation.expiresAt)}</>
              )}
              {status === 'EXPIRED' && (
                <>
                  ; the link ended <TimeAgo at={invitation.expiresAt} />
                </>
              )}
              .{' '}
            </>
          )}
          {status !== 'VALID' && `${user.name} can’t sign in before accepting one.`}
        </Text>
        {status === 'VALID' && invitation != null && (
          <MailProgress invitation={invitation} settings={settings} />
        )}
        {refusal == null ? (
          <Group gap="xs">
            <Button size="xs" variant="default" loading={loading} onClick={() => void send()}>
              {settings?.configured === false
                ? 'Create new link'
                : status === 'NONE'
                  ? 'Send invitation'
                  : 'Resend invitation'}
            </Button>
            {status === 'VALID' && (
              <Button size="xs" variant="default" onClick={() => setRevoking(true)}>
                Revoke invitation
              </Button>
            )}
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            You can’t send or revoke it. {refusalInWords(refusal)}
          </Text>
        )}
      </Stack>
      <ConfirmDialog
        opened={revoking}
        title="Revoke this invitation?"
        confirm="Revoke"
        danger
        onClose={() => setRevoking(false)}
        onConfirm={async () => {
          const { data } = await revoke({ variables: { input: { userId: user.id } } })
          const [error] = data?.revokeInvitation.errors ?? []
          if (error !== undefined) return error.message
          notifySuccess('Invitation revoked')
          return null
        }}
      >
        <Text size="sm">
          The link that {user.name} was sent stops working. You can send another one later.
        </Text>
      </ConfirmDialog>
    </Alert>
  )
}
