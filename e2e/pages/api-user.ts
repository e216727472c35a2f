import { type APIRequestContext, expect } from '@playwright/test'
import { totpCode } from '@rekey/server/testing'
import { demoPassword, type Rekey } from './rekey'

/** A user of the API, for what a journey needs but does not test. */
export class ApiUser {
  constructor(
    private readonly request: APIRequestContext,
    private readonly rekey: Rekey,
  ) {}

  /** Signs in a user. */
  static async of(
    request: APIRequestContext,
    rekey: Rekey,
    login: string,
    password?: string,
  ): Promise<ApiUser> {
    const api = new ApiUser(request, rekey)
    await api.signIn(login, password)
    return api
  }

  /** Sends a query. */
  // biome-ignore lint/suspicious/noExplicitAny: answers have any shape.
  async call(query: string, variables: Record<string, unknown> = {}): Promise<any> {
    const answer = await this.request.post(`${this.rekey.url}/graphql`, {
      data: { query, variables },
    })
    const { data, errors } = await answer.json()
    expect(errors).toBeUndefined()
    return data
  }

  /** Sends a mutation with its input, and expects that it is done. Returns the fields. */
  async mutate(
    name: string,
    input: Record<string, unknown>,
    fields = '',
    // biome-ignore lint/suspicious/noExplicitAny: answers have any shape.
  ): Promise<any> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
    const query = `mutation ($input: ${type}!) {
      ${name}(input: $input) { ${fields} errors { __typename } }
    }`
    const answer = (await this.call(query, { input }))[name]
    expect(answer.errors).toEqual([])
    return answer
  }

  /** Signs in. */
  async signIn(login: string, password = demoPassword): Promise<void> {
    await this.mutate('logIn', { login, password })
  }

  /** Adds an authenticator app. Returns its id and the recovery codes. */
  async addApp(): Promise<{ id: string; codes: string[] }> {
    const begin = 'mutation { beginTotpEnrolment { secret token } }'
    const { secret, token } = (await this.call(begin)).beginTotpEnrolment
    const input = { token, code: totpCode(secret), name: 'Payroll' }
    const fields = 'factor { id } recoveryCodes'
    const { factor, recoveryCodes } = await this.mutate('confirmTotpEnrolment', input, fields)
    return { id: factor.id, codes: recoveryCodes }
  }

  /** Sends a mutation with wrong passwords until the API requires a wait. */
  async useUpAttempts(name: string, input: Record<string, unknown>): Promise<void> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { errors { __typename } } }`
    for (let attempts = 0; attempts < 50; attempts += 1) {
      const { errors } = (await this.call(query, { input }))[name]
      if (errors[0]?.__typename === 'TooManyAttempts') return
    }
    throw new Error(`${name} can be tried as often as you like.`)
  }

  /** The ID of a user. */
  async idOf(login: string): Promise<string> {
    const find = 'query ($search: String) { users(search: $search) { nodes { id } } }'
    return (await this.call(find, { search: login })).users.nodes[0].id
  }

  /** The names of all users. */
  async names(): Promise<string[]> {
    const query = `query ($after: String) { users(first: 100, after: $after) {
      nodes { name } pageInfo { hasNextPage endCursor }
    } }`
    const names: string[] = []
    for (let after: string | null = null, more = true; more; ) {
      const { users } = await this.call(query, { after })
      names.push(...users.nodes.map((user: { name: string }) => user.name))
      after = users.pageInfo.endCursor
      more = users.pageInfo.hasNextPage
    }
    return names
  }
}
