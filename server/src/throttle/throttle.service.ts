import { type IRateLimiterStoreOptions, RateLimiterRes } from 'rate-limiter-flexible'
import RateLimiterStoreAbstract from 'rate-limiter-flexible/lib/RateLimiterStoreAbstract.js'
import type { ThrottleLimit } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { ThrottleEntity } from './throttle.entity.js'
import * as store from './throttle.store.js'

type Count = Pick<ThrottleEntity, 'points' | 'expiresAt'>

/** rate-limiter-flexible over our own unit of work, so that counts outlive a restart. */
class DatabaseLimiter extends RateLimiterStoreAbstract {
  constructor(
    private readonly database: Database,
    options: Omit<IRateLimiterStoreOptions, 'storeClient'>,
  ) {
    super({ ...options, storeClient: database })
  }

  _upsert(key: string, points: number, msDuration: number, forceExpire: boolean): Promise<Count> {
    return this.database.write(unit =>
      store.addPoints(unit, key, points, msDuration, forceExpire, new Date()),
    )
  }

  _get(key: string): Promise<Count | null> {
    return this.database.read(unit => store.findCount(unit, key, new Date()))
  }

  _delete(key: string): Promise<boolean> {
    return this.database.write(unit => store.deleteCount(unit, key))
  }

  _getRateLimiterRes(_key: string, changedPoints: number, count: Count): RateLimiterRes {
    return new RateLimiterRes(
      Math.max(this.points - count.points, 0),
      Math.max(count.expiresAt.getTime() - Date.now(), 0),
      count.points,
      count.points === changedPoints,
    )
  }
}

/** Whose guesses are counted together. */
export interface ThrottleSubject {
  /** The login that is tried, folded. */
  readonly login: string
  /** The address it is tried from. */
  readonly ip: string
}

/**
 * Slows the guessing of passwords down, per login and per address (OWASP ASVS
 * 5.0, 6.3.1). An attempt is counted before the password is verified and given
 * back when it was right: guesses sent all at once can't slip past the count.
 */
export class ThrottleService {
  private readonly perLogin: DatabaseLimiter
  private readonly perAddress: DatabaseLimiter

  constructor(
    private readonly database: Database,
    limits: { perLogin: ThrottleLimit; perAddress: ThrottleLimit },
  ) {
    const limiter = (keyPrefix: string, limit: ThrottleLimit) =>
      new DatabaseLimiter(database, {
        keyPrefix,
        points: limit.attempts,
        duration: limit.seconds,
      })
    this.perLogin = limiter('login', limits.perLogin)
    this.perAddress = limiter('address', limits.perAddress)
  }

  /**
   * Counts an attempt.
   *
   * @returns null when it may go ahead, or the seconds to wait.
   */
  async begin(subject: ThrottleSubject): Promise<number | null> {
    try {
      await this.perAddress.consume(subject.ip)
      await this.perLogin.consume(subject.login)
      return null
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes)
        return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
      throw refusal
    }
  }

  /** Takes an attempt back: the password was right. */
  async succeed(subject: ThrottleSubject): Promise<void> {
    await this.perLogin.delete(subject.login)
    // Only one point: signing in to one's own account must not wipe out the count
    // of guesses made from the same address at other people's.
    await this.perAddress.reward(subject.ip)
  }

  /** Removes counts whose window has ended. */
  async sweep(): Promise<void> {
    await this.database.write(unit => store.deleteExpired(unit, new Date()))
  }
}
