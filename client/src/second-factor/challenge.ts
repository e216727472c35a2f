import type { ApolloClient } from '@apollo/client'
import { graphql } from '../gql'
import type { SecondFactorMethod } from '../gql/graphql'
import { knowsPasskeys } from './knows-passkeys'
import { inOrder } from './methods'
import { askPasskey } from './passkeys'

const SendChallengeCode = graphql(`
  mutation SendChallengeCode($input: SendChallengeCodeInput!) {
    sendChallengeCode(input: $input) {
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

/** What is asked beside a password, at sign-in or before something dangerous. */
export interface Challenge {
  readonly token: string
  readonly methods: readonly SecondFactorMethod[]
  /** What the browser asks a passkey by. */
  readonly passkeyOptions?: unknown
  readonly phoneHint?: string | null
}

/** Why a code was not sent. */
interface CodeRefusal {
  readonly message: string
  /** Seconds until another code can be sent; 0 when it is not for that. */
  readonly retryAfterSeconds: number
  /** Whether the challenge is over. */
  readonly expired: boolean
}

/** How a challenge is answered unless the person chooses otherwise. */
export const firstMethodOf = ({ methods }: Challenge): SecondFactorMethod =>
  inOrder(methods, knowsPasskeys())[0] ?? 'RECOVERY_CODE'

/** What is wrong with a code that was not typed; null where none is needed. */
export const missingCode = (method: SecondFactorMethod, code: string): string | null => {
  if (method === 'PASSKEY' || code.trim() !== '') return null
  return method === 'RECOVERY_CODE' ? 'Enter a recovery code.' : 'Enter the code.'
}

/**
 * Has a code sent by SMS.
 *
 * @returns why it was not, or null.
 */
export const sendChallengeCode = async (
  client: ApolloClient,
  { token }: Challenge,
): Promise<CodeRefusal | null> => {
  const { data } = await client.mutate({
    mutation: SendChallengeCode,
    variables: { input: { token } },
    fetchPolicy: 'no-cache',
  })
  const [error] = data?.sendChallengeCode.errors ?? []
  if (error === undefined) return null
  return {
    message: error.message,
    retryAfterSeconds: error.__typename === 'TooManyAttempts' ? error.retryAfterSeconds : 0,
    expired: error.__typename === 'ChallengeExpired',
  }
}

/** What the API is sent, or why the browser made nothing to send. */
export type Answer =
  | { readonly kind: 'code'; readonly input: { readonly code: string } }
  | { readonly kind: 'passkey'; readonly input: { readonly passkeyResponse: unknown } }
  | { readonly kind: 'failed'; readonly message: string }

/** Answers a challenge in the way that was chosen: by what was typed, or by a passkey. */
export const answerTo = async (
  { passkeyOptions }: Challenge,
  method: SecondFactorMethod,
  code: string,
): Promise<Answer> => {
  if (method !== 'PASSKEY') return { kind: 'code', input: { code } }
  const asked = await askPasskey(passkeyOptions)
  return asked.kind === 'failed'
    ? asked
    : { kind: 'passkey', input: { passkeyResponse: asked.response } }
}
