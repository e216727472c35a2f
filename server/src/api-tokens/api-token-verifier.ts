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

const noteEveryMs = 60_000

/** Knows whose an API token is, and notes that it was used. */
export class ApiTokenVerifier {
  private readonly uses = new Map<string, store.ApiTokenUse>()
  private readonly noting: BackgroundJob

  constructor(private readonly database: Database) {
    // Beside the request, which need not wait for it; one transaction takes many.
    this.noting = new BackgroundJob(() => this.noteUses(), { delayMs: 50, maxSleepMs: 60_000 })
  }

  /**
   * The token with its owner; null when it is none of ours, has expired or was revoked, and
   * when its owner can't sign in.
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

  /** Notes that a token was used from an address: soon, and at most once a minute. */
  noteUse({ id, lastUsedAt }: ApiTokenEntity, ip: string): void {
    const at = new Date()
    if (lastUsedAt !== null && at.getTime() - lastUsedAt.getTime() < noteEveryMs) return
    this.uses.set(id, { id, at, ip })
    this.noting.wake()
  }

  /** Begins to note uses. */
  start(report: FailureReport): void {
    this.noting.start(report)
  }

  /** Ends when all uses are noted. */
  async stop(): Promise<void> {
    await this.noting.stop()
    await this.noteUses()
  }

  /** Waits until all uses are noted. */
  idle(): Promise<void> {
    return this.noting.idle()
  }

  private async requireValidToken(unit: UnitOfWork, id: string): Promise<void> {
    const apiToken = await store.findToken(unit, id)
    if (apiToken === null || apiToken.expiresAt <= new Date()) throw apiTokenInvalid()
  }

  private async noteUses(): Promise<number> {
    const uses = [...this.uses.values()]
    if (uses.length > 0) {
      await this.database.write(unit => store.noteUses(unit, uses))
      // Not those that came meanwhile.
      for (const use of uses) if (this.uses.get(use.id) === use) this.uses.delete(use.id)
    }
    return Number.POSITIVE_INFINITY
  }
}
