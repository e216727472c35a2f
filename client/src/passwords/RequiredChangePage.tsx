import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
import { Button, Text, TextInput } from '@mantine/core'
import { FormPasswordField } from '../forms/FormTextField'
import { readOnlyField } from '../forms/read-only-field'
import { graphql } from '../gql'
import type { ChangePasswordInput } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { useSignOut } from '../sessions/use-sign-out'
import { isDoneUnanswered } from '../ui/describe-failure'
import { EntryPage } from '../ui/EntryPage'
import { LoadFailure } from '../ui/LoadFailure'
import { leftToRight } from '../ui/left-to-right'
import { notifySuccess } from '../ui/notify'
import { PageTitle } from '../ui/PageTitle'
import { type NewPasswordError, NewPasswordForm } from './NewPasswordForm'
import { isTooOld, OwnPasswordDeadline } from './password-deadline'
import { usePasswordPolicy } from './use-password-policy'

const ChangeRequiredPassword = graphql(`
  mutation ChangeRequiredPassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      errors {
        ...NewPasswordErrors
      }
    }
  }
`)

const empty = { currentPassword: '', newPassword: '', repeatPassword: '' }

interface Props {
  viewer: { readonly login: string; readonly name: string }
}

/**
 * Shown instead of every page while a user has to change their password first. If someone else
 * requires it, the page does not ask for the old password, which the user has just typed to sign in.
 * If that was too long ago, the API asks for a proof of identity. A password that is only too old has
 * to be entered.
 */
export const RequiredChangePage = ({ viewer }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const signOut = useSignOut()
  // Neither the request nor the answer may stay in the cache.
  const [changePassword] = useMutation(ChangeRequiredPassword, { fetchPolicy: 'no-cache' })
  const { policy, error, refetch } = usePasswordPolicy()
  const { data: own, loading } = useQuery(OwnPasswordDeadline)
  const tooOld = isTooOld(own?.viewer?.passwordDeadline)

  const send = async (input: ChangePasswordInput): Promise<readonly NewPasswordError[]> => {
    try {
      const { data } = await changePassword({ variables: { input } })
      return data?.changePassword.errors ?? []
    } catch (problem) {
      // An attempt whose answer was lost has changed the password.
      if (isDoneUnanswered(problem)) return []
      throw problem
    }
  }

  const title = t(tooOld ? 'passwords.required.titleTooOld' : 'passwords.required.title')
  return (
    <EntryPage isSignedIn>
      {policy === undefined ? (
        <>
          <PageTitle title={title} />
          {error !== undefined && <LoadFailure failure={error} onRetry={() => void refetch()} />}
        </>
      ) : (
        <NewPasswordForm
          initialValues={empty}
          policy={policy}
          loginOf={() => viewer.login}
          knownOf={() => [viewer.name]}
          labels={{
            password: t('passwords.fields.new'),
            repeat: t('passwords.fields.repeat'),
            submit: t('passwords.change.submit'),
          }}
          lostAnswer={t('passwords.change.lostAnswer')}
          validate={({ currentPassword }) =>
            tooOld && currentPassword === ''
              ? { currentPassword: t('passwords.change.currentMissing') }
              : {}
          }
          onSubmit={async ({ currentPassword, newPassword }) => {
            const errors = await send({ newPassword, ...(tooOld ? { currentPassword } : {}) })
            if (errors.length === 0) {
              notifySuccess(t('passwords.change.done'), t('passwords.required.done'))
              // The page gives way to the one that the user wanted.
              await client.refetchQueries({ include: 'active' })
            }
            return errors
          }}
        >
          <PageTitle title={title} />
          <Text c="dimmed" size="sm">
            {!loading && t(tooOld ? 'passwords.required.introTooOld' : 'passwords.required.intro')}
          </Text>
          {/* The login of the new password, also for password managers. */}
          <TextInput
            {...readOnlyField}
            {...leftToRight}
            label={t('forms.login.label')}
            value={viewer.login}
            autoComplete="username"
          />
          {tooOld && (
            <FormPasswordField
              name="currentPassword"
              label={t('passwords.change.current')}
              autoComplete="current-password"
            />
          )}
        </NewPasswordForm>
      )}
      <Button variant="subtle" fullWidth mt="sm" onClick={() => void signOut()}>
        {t('sessions.signOut')}
      </Button>
    </EntryPage>
  )
}
