import '../app/dialog-styles'
import { useApolloClient, useMutation } from '@apollo/client/react'
import { Checkbox, Modal, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core'
import type { PasswordContext } from '@rekey/shared/password-policy'
import { Form, Formik, type FormikErrors } from 'formik'
import { useEffect, useRef, useState } from 'react'
import { describeFailure } from '../app/describe-failure'
import { FailureAlert } from '../app/FailureAlert'
import { LoadFailure } from '../app/LoadFailure'
import { notifyFailure, notifySuccess } from '../app/notify'
import { usePhone } from '../app/use-phone'
import { FormButtons } from '../forms/FormButtons'
import { FormPasswordField } from '../forms/FormTextField'
import { focusField, focusFirstInvalid, showServerErrors } from '../forms/server-errors'
import { clockOf, useCountdown } from '../forms/use-countdown'
import { graphql } from '../gql'
import classes from './ChangePasswordDialog.module.css'
import { NewPasswordFields } from './NewPasswordFields'
import { judge, type NewPasswordValues, validateNewPassword } from './new-password'
import { type Policy, useRefusedRules } from './password-policy'
import { usePasswordPolicy } from './use-password-policy'

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
  requireChange: boolean
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
  policy: Policy
  commonPasswords: ReadonlySet<string> | undefined
  /** The word on the second button. */
  cancel: string
  onCancel: () => void
  onDone: () => void
}

const ChangePasswordForm = ({
  user,
  own,
  policy,
  commonPasswords,
  cancel,
  onCancel,
  onDone,
}: FormProps) => {
  // Neither what is sent nor what comes back may stay in the cache.
  const [changePassword] = useMutation(ChangePassword, { fetchPolicy: 'no-cache' })
  const client = useApolloClient()
  const wait = useCountdown()
  const [failure, setFailure] = useState<string | null>(null)
  const { refusedFor, refuse } = useRefusedRules()
  // Stays wrong for as long as that very password stands, whatever else is edited meanwhile.
  const [wrong, setWrong] = useState<{ password: string; message: string } | null>(null)
  const open = useRef(true)
  useEffect(() => {
    open.current = true
    // The policy may have come later than the dialog.
    focusField('currentPassword')
    return () => {
      open.current = false
    }
  }, [])

  const contextOf = ({ currentPassword }: Values): PasswordContext => ({
    login: user.login,
    ...(own && currentPassword !== '' ? { currentPassword } : {}),
    ...(commonPasswords === undefined ? {} : { commonPasswords }),
  })
  const judged = (values: Values) =>
    judge(policy.rules, values.newPassword, contextOf(values), refusedFor(values.newPassword))
  const validate = (values: Values): FormikErrors<Values> => ({
    // Its presence is all that is asked: it may be older than the policy.
    ...(values.currentPassword === ''
      ? { currentPassword: 'Enter your current password.' }
      : values.currentPassword === wrong?.password
        ? { currentPassword: wrong.message }
        : {}),
    ...validateNewPassword(values, judged(values)),
  })

  return (
    <Formik<Values>
      initialValues={{
        currentPassword: '',
        newPassword: '',
        repeatPassword: '',
        requireChange: true,
      }}
      validate={validate}
      // Judging anew as the focus moves on would wipe out what the API has just said.
      validateOnBlur={false}
      onSubmit={async (values, form) => {
        setFailure(null)
        const { currentPassword, newPassword, requireChange } = values
        try {
          const { data } = await changePassword({
            variables: {
              input: {
                userId: user.id,
                currentPassword,
                newPassword,
                ...(own ? {} : { requireChangeAtNextSignIn: requireChange }),
              },
            },
          })
          const errors = data?.changePassword.errors ?? []
          if (errors.length === 0) {
            notifySuccess(
              'Password changed',
              own
                ? 'You stay signed in here; every other session has ended.'
                : requireChange
                  ? `${user.name} signs in with it once, and then chooses another.`
                  : `${user.name} signs in with the new password from now on.`,
            )
            if (open.current) onDone()
            await client.refetchQueries({ include: 'active' })
            return
          }
          if (!open.current) {
            notifyFailure('Password not changed', errors[0]?.message ?? '')
            return
          }
          for (const error of errors) {
            if (error.__typename === 'TooManyAttempts') wait.start(error.retryAfterSeconds)
            if (error.__typename === 'CurrentPasswordIncorrect') {
              setWrong({ password: currentPassword, message: error.message })
            }
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
          <Stack gap="md" className={classes.form ?? ''}>
            <FailureAlert failure={failure} />
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
              policy={policy}
              rules={judged(form.values)}
              context={contextOf(form.values)}
              known={[user.login, user.name, 'Rekey']}
            />
            {!own && (
              <Checkbox
                {...form.getFieldProps({ name: 'requireChange', type: 'checkbox' })}
                id="requireChange"
                label="Ask for a new password at next sign-in"
                description="So that only its owner knows it in the end."
              />
            )}
            <div className={classes.buttons}>
              <FormButtons
                submit={
                  wait.seconds > 0 ? `Try again in ${clockOf(wait.seconds)}` : 'Change password'
                }
                cancel={cancel}
                disabled={wait.seconds > 0}
                onCancel={onCancel}
              />
            </div>
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
  onClosed?: () => void
  /** Nothing else can be done before: there is no way out but this word on the second button. */
  insteadOfCancel?: string
}

/** The dialog that changes a password. Closing it, however, forgets everything typed. */
export const ChangePasswordDialog = ({
  user,
  own,
  opened,
  onClose,
  onClosed,
  insteadOfCancel,
}: DialogProps) => {
  const phone = usePhone()
  const { policy, commonPasswords, error, refetch } = usePasswordPolicy()
  const required = insteadOfCancel !== undefined
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      {...(onClosed === undefined ? {} : { onExitTransitionEnd: onClosed })}
      withCloseButton={!required}
      closeOnEscape={!required}
      returnFocus={false}
      closeOnClickOutside={false}
      fullScreen={phone}
      size={560}
      padding="lg"
      classNames={{ content: classes.content ?? '' }}
      title={
        <>
          Change password
          <Text
            component="span"
            size="sm"
            fw={400}
            c="dimmed"
            display="block"
            style={{ overflowWrap: 'anywhere' }}
          >
            {required
              ? 'Someone else set your password. Choose one that only you know.'
              : own
                ? 'Your own'
                : `${user.name} · ${user.login}`}
          </Text>
        </>
      }
    >
      {policy !== undefined ? (
        <ChangePasswordForm
          user={user}
          own={own}
          policy={policy}
          commonPasswords={commonPasswords}
          cancel={insteadOfCancel ?? 'Cancel'}
          onCancel={onClose}
          // What is required is over once the person is known to have done it.
          onDone={required ? () => undefined : onClose}
        />
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
