import { useApolloClient, useMutation } from '@apollo/client/react'
import { Alert, Checkbox, Stack, VisuallyHidden } from '@mantine/core'
import type { PasswordContext } from '@rekey/shared/password-policy'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Formik, type FormikErrors, type FormikHelpers } from 'formik'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { FormButtons } from '../forms/FormButtons'
import { FormPasswordField } from '../forms/FormTextField'
import { focusField, focusFirstInvalid, showServerErrors } from '../forms/server-errors'
import { clockOf, useCountdown } from '../forms/use-countdown'
import { graphql } from '../gql'
import type { ChangePasswordInput, ChangePasswordMutation, UserStatus } from '../gql/graphql'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { describeFailure, isDoneUnanswered } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import { notifyFailure, notifyProblem, notifySuccess } from '../ui/notify'
import classes from './ChangePasswordDialog.module.css'
import { NewPasswordFields } from './NewPasswordFields'
import { judge, type NewPasswordValues } from './new-password'
import { serverRefusalOf, validateNewPassword } from './new-password-errors'
import { consequenceOf, type OthersChange } from './OthersPasswordResult'
import { type Policy, useRefusedRules } from './password-policy'

const ChangePassword = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      user {
        id
        status
        passwordExpiresAt
        refusalToBlock
      }
      activated
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

type ChangePasswordError = ChangePasswordMutation['changePassword']['errors'][number]

interface Values extends NewPasswordValues {
  currentPassword: string
  requireChange: boolean
}

const empty: Values = {
  currentPassword: '',
  newPassword: '',
  repeatPassword: '',
  requireChange: true,
}

/** The user whose password is changed. */
export interface PasswordOwner {
  readonly id: string
  readonly login: string
  readonly name: string
  /** The status before the change. Only needed for another user than the caller. */
  readonly status?: UserStatus
  /** The invitation; null if there is none. */
  readonly invitation?: { readonly status: string } | null
  /** Why the user is blocked, if the caller may see it. */
  readonly blockReason?: string | null
}

/** A change that was done. */
export type PasswordChange = OthersChange

/** What will happen to the account, as a sentence. Null for a user who can sign in. */
const warningOf = (t: Translate, own: boolean, user: PasswordOwner): string | null => {
  if (own) return null
  const { name, status, invitation, blockReason } = user
  if (status === 'INVITED') {
    return invitation?.status === 'VALID'
      ? t('passwords.change.before.invited', { name })
      : t('passwords.change.before.notInvited', { name })
  }
  if (status !== 'BLOCKED') return null
  return blockReason == null
    ? t('passwords.change.before.blocked', { name })
    : t('passwords.change.before.blockedBecause', { name, reason: blockReason })
}

/** What is known after a change whose answer was lost: an invited user is active. */
const statusUnanswered = ({
  status,
}: PasswordOwner): Pick<PasswordChange, 'activated' | 'status'> => ({
  activated: status === 'INVITED',
  status: status === 'INVITED' ? 'ACTIVE' : status,
})

interface Props {
  user: PasswordOwner
  /** Whether the user is the caller. */
  own: boolean
  policy: Policy
  /** Undefined until the list is loaded. */
  commonPasswords: ReadonlySet<string> | undefined
  onCancel: () => void
  /** Called after the change, unless the form was closed in the meantime. */
  onChanged: (change: PasswordChange) => void
}

/** The login that a password belongs to, for password managers (HTML, autofill). */
const LoginForManagers = ({ login }: { login: string }) => (
  <VisuallyHidden aria-hidden>
    <input type="text" autoComplete="username" value={login} readOnly tabIndex={-1} />
  </VisuallyHidden>
)

/** Asks for the caller's password and a new password, and changes the password. */
export const ChangePasswordForm = ({
  user,
  own,
  policy,
  commonPasswords,
  onCancel,
  onChanged,
}: Props) => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  // Neither the request nor the answer may stay in the cache.
  const [changePassword] = useMutation(ChangePassword, { fetchPolicy: 'no-cache' })
  const client = useApolloClient()
  const wait = useCountdown()
  const [failure, setFailure] = useState<string | null>(null)
  const { refusedFor, refuse } = useRefusedRules()
  // The error stays until the user changes this password, even if they edit other fields.
  const [wrong, setWrong] = useState<{ password: string; message: string } | null>(null)
  const open = useRef(true)
  useEffect(() => {
    open.current = true
    // The policy may have been loaded after the dialog opened.
    focusField('currentPassword')
    return () => {
      open.current = false
    }
  }, [])
  const owner = own ? null : user.name

  const contextOf = ({ currentPassword }: Values): PasswordContext => ({
    login: user.login,
    contextWords: [...policy.contextWords, user.name],
    ...(own && currentPassword !== '' ? { currentPassword } : {}),
    ...(commonPasswords === undefined ? {} : { commonPasswords }),
  })
  const judged = (values: Values) =>
    judge(policy.rules, values.newPassword, contextOf(values), refusedFor(values.newPassword))
  const currentPasswordError = (currentPassword: string): string | undefined => {
    // It only has to be present: it may be older than the policy.
    if (currentPassword === '') return t('passwords.change.currentMissing')
    return currentPassword === wrong?.password ? wrong.message : undefined
  }
  const validate = (values: Values): FormikErrors<Values> => {
    const currentPassword = currentPasswordError(values.currentPassword)
    return {
      ...(currentPassword === undefined ? {} : { currentPassword }),
      ...validateNewPassword(t, values, judged(values), owner),
    }
  }

  /** Shows a failure here, or as a message if the dialog was closed in the meantime. */
  const showFailure = (message: string) => {
    if (open.current) setFailure(message)
    else notifyFailure(t('passwords.change.notDone'), message)
  }
  const showErrors = (
    errors: readonly ChangePasswordError[],
    values: Values,
    form: FormikHelpers<Values>,
  ) => {
    let shown = errors
    for (const error of errors) {
      switch (error.__typename) {
        case 'TooManyAttempts':
          wait.start(error.retryAfterSeconds)
          break
        case 'CurrentPasswordIncorrect':
          setWrong({ password: values.currentPassword, message: error.message })
          break
        case 'PasswordPolicyViolated': {
          const { newPassword } = values
          refuse(newPassword, error.violations)
          const context = contextOf(values)
          const { rules } = policy
          const message = serverRefusalOf(t, rules, newPassword, context, error.violations, owner)
          shown = shown.map(one =>
            one === error ? { ...one, message: message ?? one.message } : one,
          )
        }
      }
    }
    const [elsewhere] = showServerErrors(shown, values, form)
    if (elsewhere !== undefined) setFailure(elsewhere.message)
  }
  /** Sends the change and returns what it did, or the errors of the API. */
  const send = async ({
    currentPassword,
    newPassword,
    requireChange,
  }: Values): Promise<
    PasswordChange | readonly [ChangePasswordError, ...ChangePasswordError[]]
  > => {
    const input: ChangePasswordInput = {
      userId: user.id,
      currentPassword,
      newPassword,
      ...(own ? {} : { requireChangeAtNextSignIn: requireChange }),
    }
    try {
      const { data } = await changePassword({ variables: { input } })
      const [first, ...others] = data?.changePassword.errors ?? []
      if (first !== undefined) return [first, ...others]
      const changed = data?.changePassword.user
      return {
        newPassword,
        requireChange,
        activated: data?.changePassword.activated === true,
        status: changed?.status,
        worksUntil: changed?.passwordExpiresAt ?? null,
        refusalToUnblock: changed?.refusalToBlock ?? null,
      }
    } catch (problem) {
      // An attempt whose answer was lost has changed the password.
      if (!isDoneUnanswered(problem)) throw problem
      return {
        newPassword,
        requireChange,
        worksUntil: null,
        refusalToUnblock: null,
        ...statusUnanswered(user),
      }
    }
  }
  const submit = async (values: Values, form: FormikHelpers<Values>) => {
    setFailure(null)
    const lostAnswer = t('passwords.change.lostAnswer')
    try {
      const result = await send(values)
      if (!('activated' in result)) {
        if (open.current) showErrors(result, values, form)
        else showFailure(result[0].message)
        return
      }
      if (open.current) onChanged(result)
      else if (own) notifySuccess(t('passwords.change.done'), t('passwords.change.consequence.own'))
      else notifySuccess(...consequenceOf(t, user.name, result))
    } catch (problem) {
      if (open.current) setFailure(describeFailure(t, problem, lostAnswer))
      else notifyProblem(t, t('passwords.change.notDone'), problem, lostAnswer)
      return
    }
    // If this fails, the page behind the dialog shows old data, but the change was done.
    await client.refetchQueries({ include: 'active' }).catch(() => undefined)
  }

  const warning = warningOf(t, own, user)
  return (
    <Formik<Values>
      initialValues={empty}
      validate={validate}
      // Validation on blur would remove the errors that the API has just returned.
      validateOnBlur={false}
      onSubmit={submit}
    >
      {form => {
        const onSubmit = (event: FormEvent) => {
          event.preventDefault()
          if (form.isSubmitting || wait.seconds > 0) return
          focusFirstInvalid(form.values, validate(form.values))
          void form.submitForm()
        }
        const currentPassword = (
          <>
            <LoginForManagers login={own ? user.login : (viewer?.login ?? '')} />
            <FormPasswordField
              name="currentPassword"
              label={t('passwords.change.current')}
              description={own ? undefined : t('passwords.change.currentHint', { name: user.name })}
              autoComplete="current-password"
              data-autofocus
            />
          </>
        )
        return (
          <Stack gap="md" className={classes.form ?? ''}>
            {warning !== null && (
              <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />}>
                {warning}
              </Alert>
            )}
            <FailureAlert failure={failure} />
            {/* The two passwords belong to different people. In one form, a password manager would
            offer to save the new one as the caller's. */}
            {!own && (
              <form noValidate onSubmit={onSubmit}>
                {currentPassword}
                {/* Enter submits only a form that has such a button. */}
                <button type="submit" hidden tabIndex={-1} />
              </form>
            )}
            <form noValidate onSubmit={onSubmit}>
              <Stack gap="md">
                {own ? currentPassword : <LoginForManagers login={user.login} />}
                <NewPasswordFields
                  label={t('passwords.fields.new')}
                  repeatLabel={t('passwords.fields.repeat')}
                  policy={policy}
                  rules={judged(form.values)}
                  context={contextOf(form.values)}
                  known={[user.login, user.name, 'Rekey']}
                  owner={owner}
                />
                {!own && (
                  <Checkbox
                    {...form.getFieldProps({ name: 'requireChange', type: 'checkbox' })}
                    id="requireChange"
                    label={t('passwords.change.requireChange')}
                    description={t(
                      form.values.requireChange
                        ? 'passwords.change.requireChangeHint'
                        : 'passwords.change.keepHint',
                    )}
                  />
                )}
                <div className={classes.buttons}>
                  <FormButtons
                    submit={
                      wait.seconds > 0
                        ? t('forms.button.wait', { clock: clockOf(wait.seconds) })
                        : t('passwords.change.submit')
                    }
                    disabled={wait.seconds > 0}
                    onCancel={onCancel}
                  />
                </div>
              </Stack>
            </form>
          </Stack>
        )
      }}
    </Formik>
  )
}
