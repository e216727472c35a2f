import { BackgroundJob, type FailureReport } from '../background/background-job.js'
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

/** Verifies API tokens, and records when they were used. */
export class ApiTokenVerifier {
  private readonly uses = new Map<string, store.ApiTokenUse>()
  private readonly recorder: BackgroundJob

  constructor(private readonly database: Database) {
    // Runs in the background, so that requests do not wait. One transaction records many uses.
    this.recorder = new BackgroundJob(() => this.recordUses(), {
      delayMs: 50,
      maxSleepMs: 60_000,
    })
  }

  /**
   * The token with its owner. Null if the token is unknown, revoked or expired, or if its owner
   * cannot sign in.
   */
  async verify(token: string): Promise<{ apiToken: ApiTokenEntity; user: UserEntity } | null> {
    if (!isApiToken(token)) return null
    const found = await this.database.read(unit => store.findWithUser(unit, hashToken(token)))
    if (found === null || found.user.status !== 'ACTIVE') return null
    return found.apiToken.expiresAt > new Date() ? found : null
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
    this.uses.set(id, { id, at, ip })
    this.recorder.wake()
  }

  /** Starts recording uses. */
  start(report: FailureReport): void {
    this.recorder.start(report)
  }

  /** Stops recording. Resolves when all uses are recorded. */
  async stop(): Promise<void> {
    await this.recorder.stop()
    await this.recordUses()
  }

  /** Resolves when all uses are recorded. */
  idle(): Promise<void> {
    return this.recorder.idle()
  }

  private async requireValidToken(unit: UnitOfWork, id: string): Promise<void> {
    const apiToken = await store.findToken(unit, id)
    if (apiToken === null || apiToken.expiresAt <= new Date()) throw apiTokenInvalid()
  }

  private async recordUses(): Promise<number> {
    const uses = [...this.uses.values()]
    if (uses.length > 0) {
      await this.database.write(unit => store.recordUses(unit, uses))
      // Keep uses that were added during the transaction.
      for (const use of uses) if (this.uses.get(use.id) === use) this.uses.delete(use.id)
    }
    return Number.POSITIVE_INFINITY
  }
}
