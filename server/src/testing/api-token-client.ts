import type { Permission } from '@rekey/shared/access'
import type { ApiTokenEntity } from '../api-tokens/api-token.entity.js'
import type { Caller } from '../users/caller.js'
import type { TestClient, TestServer } from './test-server.js'

/** An API token with the objects that a test needs. */
export interface TestApiToken {
  readonly token: string
  readonly row: ApiTokenEntity
  /** A client that sends this token, and no cookie. */
  readonly client: TestClient
}

/** The time `ms` milliseconds from now. */
export const fromNow = (ms: number): Date => new Date(Date.now() + ms)

/** A day, in milliseconds. */
export const dayMs = 24 * 60 * 60 * 1000

/** The header of a request with this token. */
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** Creates an API token for a user through the product's own service. */
export const apiTokenOf = async (
  server: TestServer,
  user: Caller,
  permissions: readonly Permission[] = [],
  { name = 'Script', headers = {} }: { name?: string; headers?: Record<string, string> } = {},
): Promise<TestApiToken> => {
  const result = await server.services.apiTokens.create(
    user,
    { name, permissions, expiresAt: fromNow(dayMs) },
    { ip: '127.0.0.1', userAgent: 'test', requestId: 'test' },
  )
  if (result.kind !== 'created') throw new Error(JSON.stringify(result.problems))
  const { token, apiToken: row } = result
  return { token, row, client: server.client({ ...headers, ...bearer(token) }) }
}
