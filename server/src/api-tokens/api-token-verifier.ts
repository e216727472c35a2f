import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork } from '../database/unit-of-work.js'
import { hashToken } from '../sessions/session-token.js'
import type { Actor } from '../users/actor.js'
import type { UserEntity } from '../users/user.entity.js'
import type { ApiTokenEntity } from './api-token.entity.js'
import { isApiToken } from './api-token.js'
import * as store from './api-token.store.js'

/** Someone who calls by an API token, as a request sees them. */
export interface TokenCaller {
  /** The owner, with no more than the token leaves of their permissions. */
  readonly user: Actor
  readonly session: null
  readonly apiToken: ApiTokenEntity
  /** Whether the owner has to enrol a second factor before anything else. */
  readonly mustEnrolSecondFactor: boolean
}

/** The owner of a token, with no more than it leaves of what they hold. */
export const actingBy = (user: UserEntity, apiToken: ApiTokenEntity): Actor => ({
  ...user,
  limitedTo: apiToken.permissions,
  sessionId: null,
  apiTokenId: apiToken.id,
})

const noteEveryMs = 60_000

/** Knows whose an API token is, and notes that it was used. */
export class ApiTokenVerifier {
  private readonly uses = new Map<string, store.ApiTokenUse>()
  private readonly noting: BackgroundJob

  constructor(private readonly database: Database) {
    // Beside the request, which need not wait for it; one transaction takes many.
    this.noting = new BackgroundJob(() => this.noteUses(), { delayMs: 50, longestSleepMs: 60_000 })
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

  /** Whether a token has not been revoked, nor expired, in this unit of work. */
  async lastsIn(unit: UnitOfWork, id: string): Promise<boolean> {
    const apiToken = await store.findToken(unit, id)
    return apiToken !== null && apiToken.expiresAt > new Date()
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
