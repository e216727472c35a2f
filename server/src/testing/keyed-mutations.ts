import type { Answer, TestClient } from './test-server.js'

/** A mutation with its input. */
export interface Sent {
  readonly query: string
  readonly variables: Record<string, unknown>
}

/** Changes the caller's own password. */
export const passwordChange = (currentPassword: string, newPassword: string): Sent => ({
  query: `mutation ($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      user { login passwordChangedAt }
      errors { __typename ... on UserError { message path } }
    }
  }`,
  variables: { input: { currentPassword, newPassword } },
})

/** Invites a user. */
export const invitation = (login: string, firstName = 'Nele'): Sent => ({
  query: `mutation ($input: InviteUserInput!) {
    inviteUser(input: $input) {
      user { id login invitation { sentAt } }
      errors { __typename ... on UserError { message path } }
    }
  }`,
  variables: { input: { login, firstName } },
})

/** Sends a mutation with an Idempotency-Key. */
export const sendWithKey = (client: TestClient, key: string, sent: Sent): Promise<Answer> =>
  client.post(JSON.stringify(sent), { 'idempotency-key': key })

/** Whether the answer is a repeated one. */
export const isReplay = ({ headers }: Answer): boolean =>
  headers.get('idempotency-replayed') === 'true'

/** The HTTP status, and the code of the only error, of an answer without data. */
export const refusalIn = ({ status, errors }: Answer): [number, string] => [
  status,
  errors?.[0].extensions.code,
]
