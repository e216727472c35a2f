import type { ApolloClient } from '@apollo/client'
import { graphql } from '../gql'
import type { Translate } from '../messages/locale'
import { askPasskey } from './passkeys'

const BeginPasskeySignIn = graphql(`
  mutation BeginPasskeySignIn {
    beginPasskeySignIn {
      token
      options
      errors {
        ... on TooManyAttempts {
          message
          retryAfterSeconds
        }
      }
    }
  }
`)

const LogInWithPasskey = graphql(`
  mutation LogInWithPasskey($input: LogInWithPasskeyInput!) {
    logInWithPasskey(input: $input) {
      errors {
        __typename
        ... on UserError {
          message
        }
        ... on TooManyAttempts {
          retryAfterSeconds
        }
      }
    }
  }
`)

/** Why the sign-in failed. */
interface PasskeyRefusal {
  readonly message: string
  /** Seconds to wait before another attempt; 0 if there is no need to wait. */
  readonly retryAfterSeconds: number
}

/**
 * Signs in with only a passkey.
 *
 * @returns null if the user is signed in; else why not.
 */
export const signInWithPasskey = async (
  t: Translate,
  client: ApolloClient,
): Promise<PasskeyRefusal | null> => {
  const fetchPolicy = 'no-cache'
  const begun = await client.mutate({ mutation: BeginPasskeySignIn, fetchPolicy })
  if (begun.data === undefined) throw new Error('The API gave no data.')
  const { token, options, errors } = begun.data.beginPasskeySignIn
  const [wait] = errors
  if (wait !== undefined) return wait
  const asked = await askPasskey(t, options)
  if (asked.kind === 'failed') return { message: asked.message, retryAfterSeconds: 0 }
  const { data } = await client.mutate({
    mutation: LogInWithPasskey,
    variables: { input: { token, response: asked.response } },
    fetchPolicy,
  })
  const [error] = data?.logInWithPasskey.errors ?? []
  if (error === undefined) return null
  return {
    message:
      error.__typename === 'SecondFactorIncorrect'
        ? t('second-factor.passkey.notAccepted')
        : error.message,
    retryAfterSeconds: error.__typename === 'TooManyAttempts' ? error.retryAfterSeconds : 0,
  }
}
