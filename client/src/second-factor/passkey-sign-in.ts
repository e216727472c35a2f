import { request } from '../app/request'
import { graphql } from '../gql/text'
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

/** Why nobody was signed in. */
export interface PasskeyRefusal {
  readonly message: string
  /** Seconds until another attempt is worth while. */
  readonly retryAfterSeconds: number
}

/**
 * Signs in by a passkey alone.
 *
 * @returns null when someone is signed in.
 * @throws as {@link request}.
 */
export const signInWithPasskey = async (): Promise<PasskeyRefusal | null> => {
  const { beginPasskeySignIn: begun } = await request(BeginPasskeySignIn, {})
  const [wait] = begun.errors
  if (wait !== undefined) return wait
  const asked = await askPasskey(begun.options)
  if (asked.kind === 'failed') return { message: asked.message, retryAfterSeconds: 0 }
  const { logInWithPasskey } = await request(LogInWithPasskey, {
    input: { token: begun.token, response: asked.response },
  })
  const [error] = logInWithPasskey.errors
  if (error === undefined) return null
  return {
    message:
      error.__typename === 'SecondFactorIncorrect'
        ? 'This passkey signs nobody in here. Sign in with your password.'
        : error.message,
    retryAfterSeconds: error.__typename === 'TooManyAttempts' ? error.retryAfterSeconds : 0,
  }
}
