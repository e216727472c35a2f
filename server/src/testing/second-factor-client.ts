import type { SoftwareAuthenticator } from './software-authenticator.js'
import type { Answer, TestClient } from './test-server.js'
import { totpCode, untilStepLasts } from './totp-code.js'

export { totpCode }

const plainErrors = 'errors { __typename ... on UserError { message path } }'
const errors =
  'errors { __typename ... on UserError { message path } ... on TooManyAttempts { retryAfterSeconds } }'
const factor = 'factor { id method name lastUsedAt }'

/** The types of the errors in a payload. */
export const typesOf = (payload: { errors: { __typename: string }[] }): string[] =>
  payload.errors.map(error => error.__typename)

/** Sends a mutation with one input and returns its payload. */
export const mutate = async (
  client: TestClient,
  name: string,
  selection: string,
  input?: Record<string, unknown>,
  // biome-ignore lint/suspicious/noExplicitAny: tests read payloads of any shape.
): Promise<any> => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`
  const answer =
    input === undefined
      ? await client.query(`mutation { ${name} { ${selection} } }`)
      : await client.query(
          `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
          {
            input,
          },
        )
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors))
  return answer.data[name]
}

/** Starts a sign-in, up to the challenge. */
export const beginLogIn = async (
  client: TestClient,
  login: string,
  password = 'Quiet-Harbour-72',
  // biome-ignore lint/suspicious/noExplicitAny: as above.
): Promise<any> => {
  const challenge = 'challenge { token methods passkeyOptions phoneHint canTrustDevice expiresAt }'
  return mutate(client, 'logIn', `user { id } ${challenge} ${errors}`, { login, password })
}

/** Answers a challenge. */
export const answer = (client: TestClient, input: Record<string, unknown>) =>
  mutate(client, 'answerChallenge', `user { id login } ${errors}`, input)

/** Adds an authenticator app, and returns its secret and the other data of the enrolment. */
export const enrolTotp = async (client: TestClient, name = 'Phone') => {
  const begun = await mutate(client, 'beginTotpEnrolment', `secret uri token ${errors}`)
  await untilStepLasts()
  const confirmed = await mutate(
    client,
    'confirmTotpEnrolment',
    `${factor} recoveryCodes ${plainErrors}`,
    // The code of the previous step: that of the current step remains for signing in.
    { token: begun.token, code: totpCode(begun.secret, -1), name },
  )
  return {
    secret: begun.secret as string,
    uri: begun.uri as string,
    factor: confirmed.factor as { id: string },
    recoveryCodes: confirmed.recoveryCodes as string[],
  }
}

/** Adds a passkey. */
export const enrolPasskey = async (
  client: TestClient,
  authenticator: SoftwareAuthenticator,
  name = 'Key',
) => {
  const begun = await mutate(client, 'beginPasskeyEnrolment', `options token ${errors}`)
  const response = authenticator.create(begun.options)
  return mutate(client, 'confirmPasskeyEnrolment', `${factor} recoveryCodes ${plainErrors}`, {
    token: begun.token,
    response,
    name,
  })
}

/** Signs in with only a passkey. */
export const logInWithPasskey = (client: TestClient, input: Record<string, unknown>) =>
  mutate(client, 'logInWithPasskey', `user { id login } ${errors}`, input)

/** Starts a sign-in with only a passkey. */
export const beginPasskeySignIn = (client: TestClient) =>
  mutate(client, 'beginPasskeySignIn', 'token options')

/** The codes of GraphQL's own errors. */
export const codesOf = (given: Answer): string[] =>
  (given.errors ?? []).map(error => error.extensions.code)
