import { useApolloClient, useQuery } from '@apollo/client/react'
import { Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { FormTextField } from '../forms/FormTextField'
import { LoginField } from '../forms/LoginField'
import { graphql } from '../gql'
import { useLinkToken } from '../one-time-links/use-link-token'
import { NewPasswordForm } from '../passwords/NewPasswordForm'
import { PasswordPolicyQuery } from '../passwords/password-policy'
import { EntryPage } from '../ui/EntryPage'
import { LoadFailure } from '../ui/LoadFailure'
import { PageTitle } from '../ui/PageTitle'

const SetUpOwner = graphql(`
  mutation SetUpOwner($input: SetUpOwnerInput!) {
    setUpOwner(input: $input) {
      user {
        id
      }
      errors {
        __typename
        ...NewPasswordErrors
      }
    }
  }
`)

const empty = { login: '', firstName: '', lastName: '', newPassword: '', repeatPassword: '' }
type Values = typeof empty

const validate = ({ login, firstName }: Values): Partial<Values> => ({
  ...(login.trim() === '' ? { login: 'Enter an e-mail address.' } : {}),
  ...(firstName.trim() === '' ? { firstName: 'Enter your first name.' } : {}),
})

/** The page of the one-time link that creates the first owner. */
export const SetUpPage = () => {
  const token = useLinkToken()
  const [deadToken, setDeadToken] = useState('')
  const client = useApolloClient()
  const { data, error, refetch } = useQuery(PasswordPolicyQuery)
  const navigate = useNavigate()

  if (token === deadToken) {
    return (
      <EntryPage>
        <Stack gap="md">
          <PageTitle title="This link does not work" />
          <Text>
            It has been used, has expired, or is not complete. While there is no owner, restarting
            Rekey prints a new one in its terminal.
          </Text>
          <Button component={Link} to="/sign-in" variant="default">
            Go to sign-in
          </Button>
        </Stack>
      </EntryPage>
    )
  }

  const title = <PageTitle title="Make the first owner" />
  return (
    <EntryPage>
      {data === undefined ? (
        <Stack gap="md" aria-busy={error === undefined} mih={220}>
          {title}
          {error !== undefined && <LoadFailure failure={error} onRetry={() => void refetch()} />}
        </Stack>
      ) : (
        <NewPasswordForm<Values>
          initialValues={empty}
          policy={data.passwordPolicy}
          first
          loginOf={({ login }) => login}
          knownOf={({ firstName, lastName }) => [firstName, lastName]}
          validate={validate}
          labels={{
            password: 'Password',
            repeat: 'Repeat password',
            submit: 'Make owner and sign in',
          }}
          lostAnswer="The answer was lost. The owner may have been made: try to sign in with this login and password."
          onSubmit={async ({ login, firstName, lastName, newPassword: password }) => {
            const { data: made } = await client.mutate({
              mutation: SetUpOwner,
              variables: { input: { token, login, firstName, lastName, password } },
            })
            const errors = made?.setUpOwner.errors ?? []
            if (errors.length === 0) await navigate('/', { replace: true })
            if (errors.some(one => one.__typename === 'SetupLinkInvalid')) {
              setDeadToken(token)
            }
            return errors
          }}
        >
          {title}
          <Text size="sm" c="dimmed">
            The owner has every permission and can add the others.
          </Text>
          <LoginField
            name="login"
            description="An e-mail address"
            autoComplete="username"
            autoFocus
          />
          <FormTextField name="firstName" label="First name" autoComplete="given-name" />
          <FormTextField name="lastName" label="Last name" autoComplete="family-name" />
        </NewPasswordForm>
      )}
    </EntryPage>
  )
}
