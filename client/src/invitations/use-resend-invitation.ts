import { useMutation } from '@apollo/client/react'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { notifyFailure, notifyProblem, notifySuccess } from '../ui/notify'

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

/**
 * Sends a user their invitation again, and shows a message about the result. Use it only if a mail
 * server is configured: otherwise nobody receives the invitation.
 */
export const useResendInvitation = (user: { readonly id: string; readonly login: string }) => {
  const { t } = useLocale()
  const [resend, { loading }] = useMutation(ResendInvitation)
  const send = async () => {
    try {
      const { data } = await resend({ variables: { input: { userId: user.id } } })
      const [error] = data?.resendInvitation.errors ?? []
      if (error === undefined) {
        notifySuccess(
          t('invitations.notice.sent'),
          t('invitations.notice.freshLink', { login: user.login }),
        )
      } else {
        notifyFailure(t('invitations.notice.notSent'), error.message)
      }
    } catch (problem) {
      notifyProblem(t, t('invitations.notice.notSent'), problem)
    }
  }

  return { send: () => void send(), loading }
}
