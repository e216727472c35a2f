import type { FastifyRequest } from 'fastify'
import type { ApiTokenVerifier } from '../api-tokens/api-token-verifier.js'
import { apiTokenInvalid, apiTokenMisplaced, otherUserSignedIn } from '../graphql/api-error.js'
import { factsOf } from '../http/access-log.js'
import { bearerTokenOf, hasMisplacedToken } from '../http/bearer-token.js'
import { addressOf } from '../http/request-origin.js'
import type { SessionCookie } from '../http/session-cookie.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { Authentication, Caller } from '../users/caller.js'

/**
 * The header with the id of the user for whom a page sends a request. If the session is that of
 * another user, the request is rejected. API tokens do not need it.
 */
export const expectedUserHeader = 'rekey-expected-user'

/**
 * Authenticates requests. If a request has an API token, the token counts and a session cookie does
 * not: the sender means to use the token. An invalid one must not pass because of a cookie, or as
 * an anonymous request.
 */
export class Authenticator {
  constructor(
    private readonly services: {
      readonly sessions: SessionService
      readonly apiTokenVerifier: ApiTokenVerifier
      readonly ipAuthorization: IpAuthorizationService
      readonly secondFactors: SecondFactorService
    },
    private readonly cookie: SessionCookie,
  ) {}

  /**
   * Finds the caller. It is called for each request, because permissions can change between two.
   *
   * @throws UNAUTHENTICATED if the request has an invalid API token, or one that is not sent as a
   * Bearer token, or if the session is that of another user than the expected one.
   */
  async authenticate(request: FastifyRequest): Promise<Authentication> {
    const found = await this.find(request)
    if (found.caller !== null) {
      const facts = factsOf(request)
      facts.actorId = found.caller.id
      if (found.caller.apiToken !== null) facts.tokenPrefix = found.caller.apiToken.prefix
    }
    return found
  }

  private async find(request: FastifyRequest): Promise<Authentication> {
    if (hasMisplacedToken(request)) throw apiTokenMisplaced()
    const apiToken = bearerTokenOf(request)
    if (apiToken !== undefined) {
      const caller = await this.callerWith(apiToken, addressOf(request))
      if (caller === null) throw apiTokenInvalid()
      return {
        caller,
        credential: apiToken,
        sessionToken: undefined,
        sessionEndReason: null,
      }
    }
    const sessionToken = this.cookie.read(request)
    const found =
      sessionToken === undefined
        ? null
        : await this.services.sessions.find(sessionToken, addressOf(request))
    // All tabs of a browser share its cookie, and in another tab another person may have signed in.
    // What this tab sends for the first person must not happen in the name of the second.
    const expected = request.headers[expectedUserHeader]
    if (found?.caller && expected !== undefined && expected !== found.caller.id) {
      throw otherUserSignedIn()
    }
    return {
      caller: found?.caller ?? null,
      credential: sessionToken,
      sessionToken,
      sessionEndReason: found?.endReason ?? null,
    }
  }

  private async callerWith(token: string, ip: string): Promise<Caller | null> {
    const { apiTokenVerifier, ipAuthorization, secondFactors } = this.services
    const found = await apiTokenVerifier.verify(token)
    if (found === null || !(await ipAuthorization.allows(ip))) return null
    const { apiToken, user } = found
    apiTokenVerifier.recordUse(apiToken, ip)
    return apiTokenVerifier.callerWith(user, apiToken, await secondFactors.mustEnrol(user))
  }
}
