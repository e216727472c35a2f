import { useApolloClient } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { useState } from 'react'
import { MailNotice } from '../mail/MailNotice'
import type { PlainMessageId } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { notifySuccess } from '../ui/notify'
import { SecretDialog } from '../ui/SecretDialog'
import {
  CreateInvitationLink,
  CreatePasswordResetLink,
  RequirePasswordChange,
  SendPasswordResetLinks,
  SignOutUsers,
  WithdrawPasswordChangeRequirement,
} from './user-sign-in'

/** An action on how a user signs in, which the viewer must confirm. */
export type SignInAction =
  | 'sendResetLink'
  | 'copyResetLink'
  | 'requirePassword'
  | 'keepPassword'
  | 'signOut'
  | 'copyInvitation'

const signInActions = [
  'sendResetLink',
  'copyResetLink',
  'requirePassword',
  'keepPassword',
  'signOut',
  'copyInvitation',
] as const satisfies readonly SignInAction[]

const titleMessages = {
  sendResetLink: 'users.signIn.sendResetLink.title',
  copyResetLink: 'users.signIn.copyResetLink.title',
  requirePassword: 'users.signIn.requirePassword.title',
  keepPassword: 'users.signIn.keepPassword.title',
  signOut: 'users.signIn.signOut.title',
  copyInvitation: 'users.signIn.copyInvitation.title',
} as const

const buttonMessages: Record<SignInAction, PlainMessageId> = {
  sendResetLink: 'users.signIn.sendResetLink.button',
  copyResetLink: 'users.signIn.createLink',
  requirePassword: 'users.signIn.requirePassword.button',
  keepPassword: 'users.signIn.keepPassword.button',
  signOut: 'users.signIn.signOut.button',
  copyInvitation: 'users.signIn.createLink',
}

const textMessages: Record<SignInAction, PlainMessageId> = {
  sendResetLink: 'users.signIn.sendResetLink.text',
  copyResetLink: 'users.signIn.copyResetLink.text',
  requirePassword: 'users.signIn.requirePassword.text',
  keepPassword: 'users.signIn.keepPassword.text',
  signOut: 'users.signIn.signOut.text',
  copyInvitation: 'users.signIn.copyInvitation.text',
}

/** A link to hand over. It is shown once, and stored nowhere. */
interface Link {
  readonly kind: 'reset' | 'invitation'
  readonly url: string
  readonly expiresAt: string
}

interface Answer {
  readonly url?: string | null
  readonly expiresAt?: string | null
  readonly errors: readonly { readonly message: string }[]
}

interface Props {
  user: { readonly id: string; readonly name: string; readonly login: string }
  /** The action to confirm; null if there is none. */
  action: SignInAction | null
  onClose: () => void
}

/** The dialogs that confirm an action on how a user signs in, and show a link that it creates. */
export const SignInDialogs = ({ user, action, onClose }: Props) => {
  const { t, formatMoment } = useLocale()
  const client = useApolloClient()
  const [link, setLink] = useState<Link | null>(null)
  const { id: userId, name, login } = user
  const many = { variables: { input: { userIds: [userId] } } }
  const one = { variables: { input: { userId } } }

  const show = (kind: Link['kind'], answer: Answer | undefined): string | null => {
    const { url, expiresAt, errors = [] } = answer ?? {}
    if (url == null || expiresAt == null) return errors[0]?.message ?? t('failure.unknown')
    setLink({ kind, url, expiresAt })
    return null
  }
  const report = (answers: readonly Answer[] | undefined, done: string): string | null => {
    const error = answers?.[0]?.errors[0]
    if (error !== undefined) return error.message
    notifySuccess(done)
    return null
  }
  /** Returns why the action was refused, or null. */
  const perform = async (chosen: SignInAction): Promise<string | null> => {
    switch (chosen) {
      case 'sendResetLink': {
        const { data } = await client.mutate({ mutation: SendPasswordResetLinks, ...many })
        const done = t('users.signIn.sendResetLink.done', { login })
        return report(data?.sendPasswordResetLinks.results, done)
      }
      case 'requirePassword': {
        const { data } = await client.mutate({ mutation: RequirePasswordChange, ...many })
        const done = t('users.signIn.requirePassword.done', { name })
        return report(data?.requirePasswordChange.results, done)
      }
      case 'keepPassword': {
        const mutation = WithdrawPasswordChangeRequirement
        const { data } = await client.mutate({ mutation, ...many })
        const done = t('users.signIn.keepPassword.done', { name })
        return report(data?.withdrawPasswordChangeRequirement.results, done)
      }
      case 'signOut': {
        const { data } = await client.mutate({ mutation: SignOutUsers, ...many })
        return report(data?.signOutUsers.results, t('users.signIn.signOut.done', { name }))
      }
      case 'copyResetLink': {
        // Without the cache, because the link is shown only once.
        const options = { ...one, fetchPolicy: 'no-cache' } as const
        const { data } = await client.mutate({ mutation: CreatePasswordResetLink, ...options })
        return show('reset', data?.createPasswordResetLink)
      }
      case 'copyInvitation': {
        const options = { ...one, fetchPolicy: 'no-cache' } as const
        const { data } = await client.mutate({ mutation: CreateInvitationLink, ...options })
        return show('invitation', data?.createInvitationLink)
      }
    }
  }

  return (
    <>
      {signInActions.map(each => (
        <ConfirmDialog
          key={each}
          opened={action === each}
          title={t(titleMessages[each], { name })}
          confirm={t(buttonMessages[each])}
          onClose={onClose}
          onConfirm={() => perform(each)}
        >
          <Text size="sm">{t(textMessages[each])}</Text>
          {each !== 'sendResetLink' && (
            <MailNotice link={each === 'copyResetLink' || each === 'copyInvitation'} />
          )}
        </ConfirmDialog>
      ))}
      <SecretDialog
        secret={link?.url ?? null}
        title={t('users.signIn.link.title', { name })}
        label={t('users.signIn.link.label')}
        onClose={() => {
          const wasInvitation = link?.kind === 'invitation'
          setLink(null)
          onClose()
          // The notice about the invitation is about the new link now.
          if (wasInvitation) void client.refetchQueries({ include: 'active' })
        }}
      >
        {link !== null && (
          <Message
            id="users.signIn.link.text"
            values={{ until: formatMoment(link.expiresAt), name: <bdi>{name}</bdi> }}
          />
        )}
      </SecretDialog>
    </>
  )
}
