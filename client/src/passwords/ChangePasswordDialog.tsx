import { useApolloClient, useMutation } from '@apollo/client/react'
import { Alert, Button, Group, Modal, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconAlertCircle } from '@tabler/icons-react'
import { Form, Formik } from 'formik'
import { useEffect, useRef, useState } from 'react'
import { describeFailure } from '../app/describe-failure'
import { LoadFailure } from '../app/LoadFailure'
import { notifyFailure, notifySuccess } from '../app/notify'
import { FormPasswordField } from '../forms/FormTextField'
import { focusField, focusFirstInvalid, showServerErrors } from '../forms/server-errors'
import { clockOf, useCountdown } from '../forms/use-countdown'
import { graphql } from '../gql'
import { NewPasswordFields, type NewPasswordValues, validateNewPassword } from './NewPasswordFields'
import { judge, type PolicyRule, usePasswordPolicy, useRefusedRules } from './password-policy'

const ChangePassword = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      user {
        id
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
        ... on PasswordPolicyViolated {
          violations {
            rule
          }
        }
        ... on TooManyAttempts {
          retryAfterSeconds
        }
      }
    }
  }
`)

interface Values extends NewPasswordValues {
  currentPassword: string
}

/** Whose password is changed. */
export interface DialogUser {
  readonly id: string
  readonly login: string
  readonly name: string
}

interface FormProps {
  user: DialogUser
  own: boolean
  rules: readonly PolicyRule[]
  onClose: () => void
}

const ChangePasswordForm = ({ user, own, rules, onClose }: FormProps) => {
  // Neither what is sent nor what comes back may stay in the cache.
  const [changePassword] = useMutation(ChangePassword, { fetchPolicy: 'no-cache' })
  const client = useApolloClient()
  const wait = useCountdown()
  const [failure, setFailure] = useState<string | null>(null)
  const { refusedFor, refuse } = useRefusedRules()
  const open = useRef(true)
  useEffect(() => {
    open.current = true
    // The policy may have come later than the dialog.
    focusField('currentPassword')
    return () => {
      open.current = false
    }
  }, [])

  const judged = ({ newPassword, currentPassword }: Values) =>
    judge(
      rules,
      newPassword,
      {
        login: user.login,
        ...(own && currentPassword !== '' ? { currentPassword } : {}),
      },
      refusedFor(newPassword),
    )
  const validate = (values: Values): Partial<Values> => ({
    // Its presence is all that is asked: it may be older than the policy.
    ...(values.currentPassword === '' ? { currentPassword: 'Enter your current password.' } : {}),
    ...validateNewPassword(values, judged(values)),
  })

  return (
    <Formik<Values>
      initialValues={{ currentPassword: '', newPassword: '', repeatPassword: '' }}
      validate={validate}
      onSubmit={async (values, form) => {
        setFailure(null)
        const { currentPassword, newPassword } = values
        try {
          const { data } = await changePassword({
            variables: { input: { userId: user.id, currentPassword, newPassword } },
          })
          const errors = data?.changePassword.errors ?? []
          if (errors.length === 0) {
            notifySuccess(
              'Password changed',
              own
                ? 'You stay signed in here; every other session has ended.'
                : `${user.name} signs in with the new password from now on.`,
            )
            if (open.current) onClose()
            await client.refetchQueries({ include: 'active' })
            return
          }
          if (!open.current) {
            notifyFailure('Password not changed', errors[0]?.message ?? '')
            return
          }
          for (const error of errors) {
            if (error.__typename === 'TooManyAttempts') wait.start(error.retryAfterSeconds)
            if (error.__typename === 'PasswordPolicyViolated') {
              refuse(newPassword, error.violations)
            }
          }
          const [elsewhere] = showServerErrors(errors, values, form)
          if (elsewhere !== undefined) setFailure(elsewhere.message)
        } catch (problem) {
          if (open.current) setFailure(describeFailure(problem))
          else notifyFailure('Password not changed', describeFailure(problem))
        }
      }}
    >
      {form => (
        <Form
          noValidate
          onSubmit={event => {
            event.preventDefault()
            if (form.isSubmitting || wait.seconds > 0) return
            focusFirstInvalid(form.values, validate(form.values))
            void form.submitForm()
          }}
        >
          <Stack gap="md">
            {failure !== null && (
              <Alert color="red" icon={<IconAlertCircle />} role="alert">
                {failure}
              </Alert>
            )}
            {/* For password managers: whose password the new one is (HTML, autofill). */}
            <VisuallyHidden aria-hidden>
              <input
                type="text"
                autoComplete="username"
                value={user.login}
                readOnly
                tabIndex={-1}
              />
            </VisuallyHidden>
            <FormPasswordField
              name="currentPassword"
              label="Your current password"
              description={own ? undefined : `The one you sign in with, not ${user.name}’s.`}
              autoComplete="current-password"
              data-autofocus
            />
            <NewPasswordFields
              label="New password"
              repeatLabel="Repeat new password"
              rules={judged(form.values)}
            />
            <Group justify="flex-end" mt="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={form.isSubmitting} disabled={wait.seconds > 0}>
                {wait.seconds > 0 ? `Try again in ${clockOf(wait.seconds)}` : 'Change password'}
              </Button>
            </Group>
          </Stack>
        </Form>
      )}
    </Formik>
  )
}

interface DialogProps {
  /** Whose password is changed. */
  user: DialogUser
  /** Whether that is the caller's own. */
  own: boolean
  opened: boolean
  onClose: () => void
  /** When the dialog is gone from the screen. */
  onClosed: () => void
}

/** The dialog that changes a password. Closing it, however, forgets everything typed. */
export const ChangePasswordDialog = ({ user, own, opened, onClose, onClosed }: DialogProps) => {
  const phone = useMediaQuery('(max-width: 36em)', undefined, { getInitialValueInEffect: false })
  const { rules, error, refetch } = usePasswordPolicy()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={onClosed}
      returnFocus={false}
      closeOnClickOutside={false}
      fullScreen={phone ?? false}
      size={560}
      padding="lg"
      title={
        <>
          <Text component="span" fw={650} size="lg">
            Change password
          </Text>
          <Text
            component="span"
            size="sm"
            c="dimmed"
            display="block"
            style={{ overflowWrap: 'anywhere' }}
          >
            {own ? 'Your own' : `${user.name} · ${user.login}`}
          </Text>
        </>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {rules !== undefined ? (
        <ChangePasswordForm user={user} own={own} rules={rules} onClose={onClose} />
      ) : error !== undefined ? (
        <LoadFailure failure={error} onRetry={() => void refetch()} />
      ) : (
        <Stack aria-busy="true">
          <Skeleton height={58} />
          <Skeleton height={58} />
          <Skeleton height={58} />
        </Stack>
      )}
    </Modal>
  )
}
