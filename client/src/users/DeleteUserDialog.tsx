import { useMutation } from '@apollo/client/react'
import { Stack, Text } from '@mantine/core'
import { loginKeyOf } from '@rekey/shared/login'
import { FormButtons } from '../forms/FormButtons'
import { FormTextField } from '../forms/FormTextField'
import { ServerForm } from '../forms/ServerForm'
import { graphql } from '../gql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { Dialog } from '../ui/Dialog'
import { FailureAlert } from '../ui/FailureAlert'
import { leftToRight } from '../ui/left-to-right'

const DeleteUser = graphql(`
  mutation DeleteUser($input: DeleteUserInput!) {
    deleteUser(input: $input) {
      deletedUserId
      errors {
        __typename
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

interface Props {
  user: { readonly id: string; readonly name: string; readonly login: string }
  opened: boolean
  onClose: () => void
  onDeleted: () => Promise<void>
}

/** Deletes a user after the caller has typed the user's login. */
export const DeleteUserDialog = ({ user, opened, onClose, onDeleted }: Props) => {
  const { t } = useLocale()
  const [deleteUser] = useMutation(DeleteUser, { fetchPolicy: 'no-cache' })
  const isLogin = (typed: string) => loginKeyOf(typed) === loginKeyOf(user.login)
  return (
    <Dialog opened={opened} onClose={onClose} title={t('users.delete.title', { name: user.name })}>
      <ServerForm
        // Not `login`: the profile below has a field with that name.
        initialValues={{ typedLogin: '' }}
        onSubmit={async ({ typedLogin }) => {
          const { data } = await deleteUser({
            variables: { input: { userId: user.id, login: typedLogin.trim() } },
          })
          const errors = data?.deleteUser.errors ?? []
          if (errors.length === 0) await onDeleted()
          return errors.map(error =>
            error.path[0] === 'login' ? { ...error, path: ['typedLogin'] } : error,
          )
        }}
      >
        {(refusal, form) => (
          <Stack gap="md">
            <FailureAlert failure={refusal} />
            <Text size="sm">{t('users.delete.message')}</Text>
            <FormTextField
              name="typedLogin"
              {...leftToRight}
              maxLength={254}
              label={t('users.delete.label')}
              description={
                <span style={{ overflowWrap: 'anywhere' }}>
                  <Message
                    id="users.delete.hint"
                    values={{ b: c => <strong>{c}</strong>, login: <bdi>{user.login}</bdi> }}
                  />
                </span>
              }
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              data-autofocus
            />
            <FormButtons
              submit={t('users.delete.submit')}
              danger
              disabled={!isLogin(form.values.typedLogin)}
              onCancel={onClose}
            />
          </Stack>
        )}
      </ServerForm>
    </Dialog>
  )
}
