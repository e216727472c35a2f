import { useApolloClient, useMutation } from '@apollo/client/react'
import { Alert, Checkbox, Stack, VisuallyHidden } from '@mantine/core'
import type { PasswordContext } from '@rekey/shared/password-policy'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Form, Formik, type FormikErrors, type FormikHelpers } from 'formik'
import { useEffect, useRef, useState } from 'react'
import { FormButtons } from '../forms/FormButtons'
import { FormPasswordField } from '../forms/FormTextField'
import { focusField, focusFirstInvalid, showServerErrors } from '../forms/server-errors'
import { clockOf, useCountdown } from '../forms/use-countdown'
import { graphql } from '../gql'
import type {
  AccessRefusal,
  ChangePasswordInput,
  ChangePasswordMutation,
  UserStatus,
} from '../gql/graphql'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { describeFailure, isDoneUnanswered } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import { notifyFailure, notifyProblem, notifySuccess } from '../ui/notify'
import classes from './ChangePasswordDialog.module.css'
import { NewPasswordFields } from './NewPasswordFields'
import { judge, type NewPasswordValues } from './new-password'
import { validateNewPassword } from './new-password-errors'
import { type Policy, useRefusedRules } from './password-policy'
import { StillBlocked } from './StillBlocked'

const ChangePassword = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      user {
        id
        status
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
}

/** A change that was done. */
interface Done {
  /** Whether the change activated the account of an invited user. */
  readonly activated: boolean
  /** The status after the change; undefined if it does not matter. */
  readonly status: UserStatus | undefined
  /** Why the caller may not unblock the user; null if they may. */
  readonly refusalToUnblock: AccessRefusal | null
}

/** What is known after a change whose answer was lost: an invited user is active. */
const doneUnanswered = ({ status }: PasswordOwner): Done => ({
  activated: status === 'INVITED',
  status: status === 'INVITED' ? 'ACTIVE' : status,
  refusalToUnblock: null,
})

/** What will happen to the account, as a sentence. Null for a user who can sign in. */
const warningOf = (t: Translate, own: boolean, { name, status }: PasswordOwner): string | null => {
  if (own) return null
  if (status === 'INVITED') return t('passwords.change.before.invited', { name })
  return status === 'BLOCKED' ? t('passwords.change.before.blocked', { name }) : null
}

/** The effect of a change, as a title and a sentence. */
const consequenceOf = (
  t: Translate,
  own: boolean,
  { name }: PasswordOwner,
  requireChange: boolean,
  { activated, status }: Done,
): [title: string, message: string] => {
  const title = t('passwords.change.done')
  if (own) return [title, t('passwords.change.consequence.own')]
  if (activated) {
    return [
      t('passwords.change.activated'),
      requireChange
        ? t('passwords.change.consequence.activatedOnce', { name })
        : t('passwords.change.consequence.activated', { name }),
    ]
  }
  if (status === 'BLOCKED') return [title, t('passwords.change.consequence.blocked', { name })]
  return [
    title,
    requireChange
      ? t('passwords.change.consequence.once', { name })
      : t('passwords.change.consequence.other', { name }),
  ]
}

interface Props {
  user: PasswordOwner
  /** Whether the user is the caller. */
  own: boolean
  policy: Policy
  /** Undefined until the list is loaded. */
  commonPasswords: ReadonlySet<string> | undefined
  /** The label of the second button. */
  cancel: string
  onCancel: () => void
  onDone: () => void
}

/** Asks for the caller's password and a new password, and changes the password. */
export const ChangePasswordForm = ({
  user,
  own,
  policy,
  commonPasswords,
  cancel,
  onCancel,
  onDone,
}: Props) => {
  const { t } = useLocale()
  // Neither the request nor the answer may stay in the cache.
  const [changePassword] = useMutation(ChangePassword, { fetchPolicy: 'no-cache' })
  const client = useApolloClient()
  const wait = useCountdown()
  const [failure, setFailure] = useState<string | null>(null)
  const { refusedFor, refuse } = useRefusedRules()
  // The error stays until the user changes this password, even if they edit other fields.
  const [wrong, setWrong] = useState<{ password: string; message: string } | null>(null)
  const [blocked, setBlocked] = useState<Done | null>(null)
  const open = useRef(true)
  useEffect(() => {
    open.current = true
    // The policy may have been loaded after the dialog opened.
    focusField('currentPassword')
    return () => {
      open.current = false
    }
  }, [])

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
      ...validateNewPassword(t, values, judged(values)),
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
    for (const error of errors) {
      switch (error.__typename) {
        case 'TooManyAttempts':
          wait.start(error.retryAfterSeconds)
          break
        case 'CurrentPasswordIncorrect':
          setWrong({ password: values.currentPassword, message: error.message })
          break
        case 'PasswordPolicyViolated':
          refuse(values.newPassword, error.violations)
      }
    }
    const [elsewhere] = showServerErrors(errors, values, form)
    if (elsewhere !== undefined) setFailure(elsewhere.message)
  }
  /** Sends the change and returns what it did, or the errors of the API. */
  const send = async (
    input: ChangePasswordInput,
  ): Promise<Done | readonly [ChangePasswordError, ...ChangePasswordError[]]> => {
    try {
      const { data } = await changePassword({ variables: { input } })
      const [first, ...others] = data?.changePassword.errors ?? []
      if (first !== undefined) return [first, ...others]
      const changed = data?.changePassword.user
      return {
        activated: data?.changePassword.activated === true,
        status: changed?.status,
        refusalToUnblock: changed?.refusalToBlock ?? null,
      }
    } catch (problem) {
      // An attempt whose answer was lost has changed the password.
      if (isDoneUnanswered(problem)) return doneUnanswered(user)
      throw problem
    }
  }
  const submit = async (values: Values, form: FormikHelpers<Values>) => {
    setFailure(null)
    const lostAnswer = t('passwords.change.lostAnswer')
    const { currentPassword, newPassword, requireChange } = values
    const input = {
      userId: user.id,
      currentPassword,
      newPassword,
      ...(own ? {} : { requireChangeAtNextSignIn: requireChange }),
    }
    try {
      const result = await send(input)
      if ('activated' in result) {
        // The dialog stays, because there is something left to do.
        const stays = open.current && !own && result.status === 'BLOCKED'
        if (stays) setBlocked(result)
        else notifySuccess(...consequenceOf(t, own, user, requireChange, result))
        if (open.current && !stays) onDone()
        await client.refetchQueries({ include: 'active' })
      } else if (open.current) {
        showErrors(result, values, form)
      } else {
        showFailure(result[0].message)
      }
    } catch (problem) {
      if (open.current) setFailure(describeFailure(t, problem, lostAnswer))
      else notifyProblem(t, t('passwords.change.notDone'), problem, lostAnswer)
    }
  }

  if (blocked !== null) {
    return <StillBlocked user={user} refusal={blocked.refusalToUnblock} onClose={onDone} />
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
            {warning !== null && (
              <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />}>
                {warning}
              </Alert>
            )}
            <FailureAlert failure={failure} />
            {/* The login of the new password, for password managers (HTML, autofill). */}
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
              label={t('passwords.change.current')}
              description={own ? undefined : t('passwords.change.currentHint', { name: user.name })}
              autoComplete="current-password"
              data-autofocus
            />
            <NewPasswordFields
              label={t('passwords.fields.new')}
              repeatLabel={t('passwords.fields.repeat')}
              policy={policy}
              rules={judged(form.values)}
              context={contextOf(form.values)}
              known={[user.login, user.name, 'Rekey']}
            />
            {!own && (
              <Checkbox
                {...form.getFieldProps({ name: 'requireChange', type: 'checkbox' })}
                id="requireChange"
                label={t('passwords.change.requireChange')}
                description={t('passwords.change.requireChangeHint')}
              />
            )}
            <div className={classes.buttons}>
              <FormButtons
                submit={
                  wait.seconds > 0
                    ? t('forms.button.wait', { clock: clockOf(wait.seconds) })
                    : t('passwords.change.submit')
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
