import type { ApolloClient } from '@apollo/client'
import { graphql } from '../gql'
import type { SecondFactorMethod } from '../gql/graphql'
import type { Translate } from '../messages/locale'
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

/** The second step, in addition to a password, at sign-in or before a sensitive action. */
export interface Challenge {
  readonly token: string
  readonly methods: readonly SecondFactorMethod[]
  /** The options to request a passkey in the browser. */
  readonly passkeyOptions?: unknown
  readonly phoneHint?: string | null
}

/** Why a code was not sent. */
interface CodeRefusal {
  readonly message: string
  /** Seconds until another code can be sent; 0 if there is another reason. */
  readonly retryAfterSeconds: number
  /** True if the challenge has expired. */
  readonly expired: boolean
}

/** The method that is preselected for a challenge. */
export const firstMethodOf = ({ methods }: Challenge): SecondFactorMethod =>
  inOrder(methods, knowsPasskeys())[0] ?? 'RECOVERY_CODE'

/** The error for a missing code; null if the method needs no code or one was entered. */
export const missingCode = (
  t: Translate,
  method: SecondFactorMethod,
  code: string,
): string | null => {
  if (method === 'PASSKEY' || code.trim() !== '') return null
  return method === 'RECOVERY_CODE'
    ? t('second-factor.challenge.recoveryCodeMissing')
    : t('second-factor.challenge.codeMissing')
}

/**
 * Sends a code by SMS.
 *
 * @returns why it was not sent, or null.
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

/** The input for the API, or why the browser returned no passkey response. */
export type Answer =
  | { readonly kind: 'code'; readonly input: { readonly code: string } }
  | { readonly kind: 'passkey'; readonly input: { readonly passkeyResponse: unknown } }
  | { readonly kind: 'failed'; readonly message: string }

/** Makes the answer to a challenge: from the entered code, or from a passkey. */
export const answerTo = async (
  t: Translate,
  { passkeyOptions }: Challenge,
  method: SecondFactorMethod,
  code: string,
): Promise<Answer> => {
  if (method !== 'PASSKEY') return { kind: 'code', input: { code } }
  const asked = await askPasskey(t, passkeyOptions)
  return asked.kind === 'failed'
    ? asked
    : { kind: 'passkey', input: { passkeyResponse: asked.response } }
}
