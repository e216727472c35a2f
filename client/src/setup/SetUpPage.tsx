import { useApolloClient, useMutation } from '@apollo/client/react'
import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { Form, Formik } from 'formik'
import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import { describeFailure } from '../app/describe-failure'
import { EntryPage } from '../app/EntryPage'
import { LoadFailure } from '../app/LoadFailure'
import { PageTitle } from '../app/PageTitle'
import { FormTextField } from '../forms/FormTextField'
import { keepFocus } from '../forms/keep-focus'
import { focusFirstInvalid, showServerErrors } from '../forms/server-errors'
import { graphql } from '../gql'
import { NewPasswordFields } from '../passwords/NewPasswordFields'
import { judge, validateNewPassword } from '../passwords/new-password'
import { usePasswordPolicy, useRefusedRules } from '../passwords/password-policy'

const SetUpOwner = graphql(`
  mutation SetUpOwner($input: SetUpOwnerInput!) {
    setUpOwner(input: $input) {
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
      }
    }
  }
`)

const empty = { login: '', firstName: '', lastName: '', newPassword: '', repeatPassword: '' }
type Values = typeof empty

const readToken = () => new URLSearchParams(window.location.hash.slice(1)).get('token') ?? ''

/** Where the first owner is made, behind the one-time link. */
export const SetUpPage = () => {
  const [token] = useState(readToken)
  const [linkWorks, setLinkWorks] = useState(token !== '')
  const [failure, setFailure] = useState<string | null>(null)
  const { refusedFor, refuse } = useRefusedRules()
  const { policy, commonPasswords, error, refetch } = usePasswordPolicy()
  const [setUpOwner] = useMutation(SetUpOwner, { fetchPolicy: 'no-cache' })
  const client = useApolloClient()
  const navigate = useNavigate()

  useEffect(() => {
    // Out of the address, so that it is in no screenshot and no history.
    if (window.location.hash !== '') window.history.replaceState(window.history.state, '', '/setup')
  }, [])

  if (!linkWorks) {
    return (
      <EntryPage>
        <Stack gap="sm">
          <PageTitle title="This link does not work" />
          <Text>
            It has been used, has expired, or is not complete. While there is no owner, restarting
            Rekey prints a new one in its terminal.
          </Text>
          <Button variant="default" onClick={() => navigate('/sign-in')}>
            To sign-in
          </Button>
        </Stack>
      </EntryPage>
    )
  }

  const contextOf = ({ login }: Values) => ({
    login,
    ...(commonPasswords === undefined ? {} : { commonPasswords }),
  })
  const judged = (values: Values) =>
    judge(
      policy?.rules ?? [],
      values.newPassword,
      contextOf(values),
      refusedFor(values.newPassword),
    )
  const validate = (values: Values): Partial<Values> => ({
    ...(values.login.trim() === '' ? { login: 'Enter an e-mail address.' } : {}),
    ...(values.firstName.trim() === '' ? { firstName: 'Enter your first name.' } : {}),
    ...validateNewPassword(values, judged(values)),
  })

  return (
    <EntryPage>
      <Formik<Values>
        initialValues={empty}
        validate={validate}
        validateOnBlur={false}
        onSubmit={async (values, form) => {
          setFailure(null)
          const { login, firstName, lastName, newPassword: password } = values
          try {
            const { data } = await setUpOwner({
              variables: { input: { token, login, firstName, lastName, password } },
            })
            const errors = data?.setUpOwner.errors ?? []
            if (errors.length === 0) {
              await client.clearStore()
              await navigate('/', { replace: true })
              return
            }
            for (const one of errors) {
              if (one.__typename === 'SetupLinkInvalid') setLinkWorks(false)
              if (one.__typename === 'PasswordPolicyViolated') {
                refuse(password, one.violations)
              }
            }
            const renamed = errors.map(one => ({
              ...one,
              path: one.path.map(part => (part === 'password' ? 'newPassword' : part)),
            }))
            const [elsewhere] = showServerErrors(renamed, values, form)
            if (elsewhere !== undefined) setFailure(elsewhere.message)
          } catch (problem) {
            setFailure(describeFailure(problem))
          }
        }}
      >
        {form => (
          <Form
            noValidate
            onSubmit={event => {
              focusFirstInvalid(form.values, validate(form.values))
              form.handleSubmit(event)
            }}
          >
            <Stack gap="md">
              <PageTitle title="Make the first owner" />
              <Text size="sm" c="dimmed">
                The owner has every permission and can add the others.
              </Text>
              {failure !== null && (
                <Alert color="red" icon={<IconAlertCircle />} role="alert">
                  {failure}
                </Alert>
              )}
              {error !== undefined && policy === undefined && (
                <LoadFailure failure={error} onRetry={() => void refetch()} />
              )}
              <FormTextField
                name="login"
                label="Login"
                description="An e-mail address"
                type="email"
                autoComplete="username"
                autoFocus
              />
              <FormTextField name="firstName" label="First name" autoComplete="given-name" />
              <FormTextField name="lastName" label="Last name" autoComplete="family-name" />
              {policy !== undefined && (
                <NewPasswordFields
                  label="Password"
                  repeatLabel="Repeat password"
                  policy={policy}
                  rules={judged(form.values)}
                  context={contextOf(form.values)}
                  known={[form.values.login, form.values.firstName, form.values.lastName, 'Rekey']}
                />
              )}
              <Button
                type="submit"
                loading={form.isSubmitting}
                disabled={policy === undefined}
                {...keepFocus}
                fullWidth
              >
                Make owner and sign in
              </Button>
            </Stack>
          </Form>
        )}
      </Formik>
    </EntryPage>
  )
}
