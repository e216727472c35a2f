import type { FailureReport } from '../background/background-job.js'
import { DeferredWrites } from '../background/deferred-writes.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork } from '../database/unit-of-work.js'
import { apiTokenInvalid } from '../graphql/api-error.js'
import { hashToken } from '../sessions/session-token.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'
import type { ApiTokenEntity } from './api-token.entity.js'
import { isApiToken } from './api-token.js'
import * as store from './api-token.store.js'

const recordEveryMs = 60_000

/** Whether a token may be used now, apart from its owner. */
const isValid = ({ expiresAt, suspendedAt }: ApiTokenEntity): boolean =>
  suspendedAt === null && expiresAt > new Date()

/** Verifies API tokens, and records when they were used. */
export class ApiTokenVerifier {
  private readonly uses: DeferredWrites<store.ApiTokenUse>

  constructor(private readonly database: Database) {
    this.uses = new DeferredWrites(uses => database.write(unit => store.recordUses(unit, uses)))
  }

  /**
   * The token with its owner. Null if the token is unknown, revoked, suspended or expired, or if
   * its owner cannot sign in.
   */
  async verify(token: string): Promise<{ apiToken: ApiTokenEntity; user: UserEntity } | null> {
    if (!isApiToken(token)) return null
    const found = await this.database.read(unit => store.findWithUser(unit, hashToken(token)))
    if (found === null || found.user.status !== 'ACTIVE') return null
    return isValid(found.apiToken) ? found : null
  }

  /**
   * The caller with a token: its owner, limited to the token's permissions.
   *
   * @param mustEnrolSecondFactor whether the owner must enrol a second factor first.
   */
  callerWith(user: UserEntity, apiToken: ApiTokenEntity, mustEnrolSecondFactor: boolean): Caller {
    return {
      ...user,
      limitedTo: apiToken.permissions,
      session: null,
      apiToken: { id: apiToken.id, prefix: apiToken.prefix },
      mustEnrolSecondFactor,
      requireValidCredential: unit => this.requireValidToken(unit, apiToken.id),
    }
  }

  /**
   * Records, in the background, that a token was used from an address. At most once a minute
   * for each token.
   */
  recordUse({ id, lastUsedAt }: ApiTokenEntity, ip: string): void {
    const at = new Date()
    if (lastUsedAt !== null && at.getTime() - lastUsedAt.getTime() < recordEveryMs) return
    this.uses.add(id, { id, at, ip })
  }

  /** Starts recording uses. */
  start(report: FailureReport): void {
    this.uses.start(report)
  }

  /** Stops recording. Resolves when all uses are recorded. */
  stop(): Promise<void> {
    return this.uses.stop()
  }

  /** Resolves when all uses are recorded. */
  idle(): Promise<void> {
    return this.uses.idle()
  }

  /** The token with this id if it is still valid; null if it was revoked or has expired. */
  async findValid(unit: UnitOfWork, id: string): Promise<ApiTokenEntity | null> {
    const apiToken = await store.findToken(unit, id)
    return apiToken === null || !isValid(apiToken) ? null : apiToken
  }

  private async requireValidToken(unit: UnitOfWork, id: string): Promise<void> {
    if ((await this.findValid(unit, id)) === null) throw apiTokenInvalid()
  }
}
