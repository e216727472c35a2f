import { Anchor, Button, Stack } from '@mantine/core'
import type { FormikErrors } from 'formik'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { keepFocus } from '../forms/keep-focus'
import { ServerForm } from '../forms/ServerForm'
import type { ServerError } from '../forms/server-errors'
import { graphql } from '../gql'
import type { PasswordRule } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { FailureAlert } from '../ui/FailureAlert'
import { NewPasswordFields } from './NewPasswordFields'
import { judge, type NewPasswordValues } from './new-password'
import { serverRefusalOf, validateNewPassword } from './new-password-errors'
import { type Policy, useCommonPasswords, useRefusedRules } from './password-policy'

graphql(`
  fragment NewPasswordErrors on UserError {
    message
    path
    ... on PasswordPolicyViolated {
      violations {
        rule
      }
    }
  }
`)

/** An error of the API; with the broken rules if it is about the policy. */
export interface NewPasswordError extends ServerError {
  readonly violations?: readonly { readonly rule: PasswordRule }[]
}

interface Props<Values extends NewPasswordValues> {
  initialValues: Values
  policy: Policy
  /** Whether the user had no password before, so that there is none to compare with. */
  first?: boolean
  /** Returns the login of the user whose password it will be. */
  loginOf: (values: Values) => string
  /** Returns the names of the user, which an attacker would know. */
  knownOf: (values: Values) => readonly string[]
  /** Returns the errors of the other fields. */
  validate?: (values: Values) => FormikErrors<Values>
  labels: { password: string; repeat: string; submit: string }
  /** The message if the answer was lost, so that the password may have been set. */
  lostAnswer: string
  /** Sends the values. Returns the errors of the API; empty after success. */
  onSubmit: (values: Values) => Promise<readonly NewPasswordError[]>
  /** The heading, and the fields before those of the password. */
  children: ReactNode
}

/** A form that sets a password of a user who is not signed in yet. */
export const NewPasswordForm = <Values extends NewPasswordValues>({
  initialValues,
  policy,
  first = false,
  loginOf,
  knownOf,
  validate: validateOthers = () => ({}),
  labels,
  lostAnswer,
  onSubmit,
  children,
}: Props<Values>) => {
  const { t } = useLocale()
  const commonPasswords = useCommonPasswords(policy)
  const { refusedFor, refuse } = useRefusedRules()

  const rules = first
    ? policy.rules.filter(({ rule }) => rule !== 'SAME_AS_CURRENT' && rule !== 'REUSED')
    : policy.rules
  const contextOf = (values: Values) => ({
    login: loginOf(values),
    contextWords: [...policy.contextWords, ...knownOf(values)],
    ...(commonPasswords === undefined ? {} : { commonPasswords }),
  })
  const judged = (values: Values) =>
    judge(rules, values.newPassword, contextOf(values), refusedFor(values.newPassword))
  const validate = (values: Values): FormikErrors<Values> => ({
    ...validateOthers(values),
    ...validateNewPassword(t, values, judged(values), null),
  })

  return (
    <ServerForm<Values>
      initialValues={initialValues}
      validate={validate}
      lostAnswer={lostAnswer}
      onSubmit={async values => {
        const errors = await onSubmit(values)
        return errors.map(error => {
          const path = error.path.map(part => (part === 'password' ? 'newPassword' : part))
          if (error.violations === undefined) return { ...error, path }
          const { newPassword } = values
          refuse(newPassword, error.violations)
          const context = contextOf(values)
          const message = serverRefusalOf(t, rules, newPassword, context, error.violations, null)
          return { ...error, path, message: message ?? error.message }
        })
      }}
    >
      {(refusal, form) => (
        <Stack gap="md">
          {children}
          <FailureAlert
            failure={
              refusal === lostAnswer ? (
                <>
                  {refusal}{' '}
                  <Anchor inherit component={Link} to="/sign-in">
                    {t('sessions.goToSignIn')}
                  </Anchor>
                </>
              ) : (
                refusal
              )
            }
          />
          <NewPasswordFields
            label={labels.password}
            repeatLabel={labels.repeat}
            policy={policy}
            rules={judged(form.values)}
            context={contextOf(form.values)}
            known={[loginOf(form.values), ...contextOf(form.values).contextWords]}
          />
          <Button type="submit" loading={form.isSubmitting} {...keepFocus} fullWidth>
            {labels.submit}
          </Button>
        </Stack>
      )}
    </ServerForm>
  )
}
