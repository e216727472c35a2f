import type { FastifyRequest } from 'fastify'
import { actingBy } from '../api-tokens/api-token-verifier.js'
import { apiTokenInvalid, apiTokenMisplaced } from '../graphql/api-error.js'
import type { Caller } from '../graphql/context.js'
import type { Services } from '../services.js'
import type { SessionEndReason } from '../sessions/session.entity.js'
import { bearerTokenOf, hasMisplacedToken } from './bearer-token.js'
import { addressOf } from './request-origin.js'
import type { SessionCookie } from './session-cookie.js'

/** Who a request turned out to come from. */
export interface Authentication {
  /** Who is calling, in a session or by an API token; null when nobody is known. */
  readonly signedIn: Caller | null
  /** What it proves itself with: its API token, else its session token, good or not. */
  readonly credential: string | undefined
  /** The session token it came with, good or not. */
  readonly sessionToken: string | undefined
  /** Why the session it came with has ended, where that is known. */
  readonly sessionEndReason: SessionEndReason | null
}

type Needed = Pick<Services, 'sessions' | 'apiTokenVerifier' | 'ipAuthorization' | 'secondFactors'>

/**
 * Finds out who a request comes from. Where it brings an API token, the token counts and a
 * session cookie beside it does not: whoever sends a token means it, and one that is worth
 * nothing must not pass because of a cookie, nor as nobody's request.
 */
export class Authenticator {
  constructor(
    private readonly services: Needed,
    private readonly cookie: SessionCookie,
  ) {}

  /**
   * Who is calling. Asked with each request: what they may do can change between two.
   *
   * @throws UNAUTHENTICATED when it brings an API token that is worth nothing, or one that is
   * not sent as a Bearer.
   */
  async authenticate(request: FastifyRequest): Promise<Authentication> {
    if (hasMisplacedToken(request)) throw apiTokenMisplaced()
    const apiToken = bearerTokenOf(request)
    if (apiToken !== undefined) {
      const signedIn = await this.ownerOf(apiToken, addressOf(request))
      if (signedIn === null) throw apiTokenInvalid()
      return {
        signedIn,
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
    return {
      signedIn: found?.signedIn ?? null,
      credential: sessionToken,
      sessionToken,
      sessionEndReason: found?.endReason ?? null,
    }
  }

  private async ownerOf(token: string, ip: string): Promise<Caller | null> {
    const { apiTokenVerifier, ipAuthorization, secondFactors } = this.services
    const found = await apiTokenVerifier.verify(token)
    if (found === null || !(await ipAuthorization.allows(ip))) return null
    const { apiToken, user } = found
    apiTokenVerifier.noteUse(apiToken, ip)
    const mustEnrolSecondFactor = await secondFactors.mustEnrol(user)
    return { user: actingBy(user, apiToken), session: null, apiToken, mustEnrolSecondFactor }
  }
}
