import '../app/dialog-styles'
import '@mantine/core/styles/Overlay.css'
import '@mantine/core/styles/ModalBase.css'
import '@mantine/core/styles/Modal.css'
import { useMutation } from '@apollo/client/react'
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { Form, Formik } from 'formik'
import { useState } from 'react'
import { describeFailure } from '../app/describe-failure'
import { FailureAlert } from '../app/FailureAlert'
import { FormTextField } from '../forms/FormTextField'
import { keepFocus } from '../forms/keep-focus'
import { showServerErrors } from '../forms/server-errors'
import { graphql } from '../gql'

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

/** Deletes a user, once their login has been typed. */
export const DeleteUserDialog = ({ user, opened, onClose, onDeleted }: Props) => {
  const [deleteUser] = useMutation(DeleteUser, { fetchPolicy: 'no-cache' })
  const [failure, setFailure] = useState<string | null>(null)
  const isLogin = (typed: string) => typed.trim().toLowerCase() === user.login.toLowerCase()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setFailure(null)}
      title={`Delete ${user.name}?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Formik
        // Not `login`: the profile beneath has a field of that name.
        initialValues={{ typedLogin: '' }}
        onSubmit={async (values, form) => {
          setFailure(null)
          try {
            const { data } = await deleteUser({
              variables: { input: { userId: user.id, login: values.typedLogin.trim() } },
            })
            const errors = data?.deleteUser.errors ?? []
            if (errors.length === 0) {
              await onDeleted()
              return
            }
            const own = errors.map(error =>
              error.path[0] === 'login' ? { ...error, path: ['typedLogin'] } : error,
            )
            const [elsewhere] = showServerErrors(own, values, form)
            if (elsewhere !== undefined) setFailure(elsewhere.message)
          } catch (problem) {
            setFailure(describeFailure(problem))
          }
        }}
      >
        {form => (
          <Form noValidate>
            <Stack gap="md">
              <FailureAlert failure={failure} />
              <Text size="sm">
                Their profile, sessions and passwords are erased, and they are signed out at once.
                The operation list keeps what they did, without their name. This can’t be undone.
              </Text>
              <FormTextField
                name="typedLogin"
                label="Type their login to confirm"
                description={
                  <span style={{ overflowWrap: 'anywhere' }}>
                    It is <strong>{user.login}</strong>
                  </span>
                }
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                data-autofocus
              />
              <Group justify="flex-end">
                <Button variant="default" onClick={onClose} {...keepFocus}>
                  Cancel
                </Button>
                <Button
                  type="submit"
                  color="red.9"
                  disabled={!isLogin(form.values.typedLogin)}
                  loading={form.isSubmitting}
                  {...keepFocus}
                >
                  Delete
                </Button>
              </Group>
            </Stack>
          </Form>
        )}
      </Formik>
    </Modal>
  )
}
