import { hasInvalidCharacter, normalizePassword } from '@rekey/shared/password-policy'
import { argon2id, hash, needsRehash, verify } from 'argon2'
import { type queueAsPromised, promise as queueOf } from 'fastq'
import type { HashingSettings } from '../config/config.js'
import { rateLimited } from '../graphql/api-error.js'

type Work = () => Promise<unknown>

/**
 * Hashes and verifies passwords with argon2id (RFC 9106), never more at once than
 * the machine has cores: each takes memory, and libuv's threads are shared with
 * the database.
 */
export class PasswordHasher {
  private readonly queue: queueAsPromised<Work, unknown>
  private readonly cost: { memoryCost: number; timeCost: number; parallelism: number }
  private decoy: Promise<string> | undefined

  constructor(private readonly settings: HashingSettings) {
    this.queue = queueOf((work: Work) => work(), settings.concurrency)
    this.cost = {
      memoryCost: settings.memoryCost,
      timeCost: settings.timeCost,
      parallelism: settings.parallelism,
    }
  }

  /**
   * The hash to store, in PHC string format with its own random salt.
   *
   * @throws RATE_LIMITED when too many hashes wait already.
   */
  async hash(password: string): Promise<string> {
    return this.enqueue(() => hash(normalizePassword(password), { type: argon2id, ...this.cost }))
  }

  /**
   * True when the password belongs to the hash. Without a hash it takes the same
   * time and is false, so that nobody learns from the clock whether there is one.
   *
   * @throws RATE_LIMITED when too many hashes wait already.
   */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const against = stored ?? (await this.decoyHash())
    const matches = await this.enqueue(() => verify(against, normalizePassword(password)))
    // No password with a lone surrogate was ever stored; on its way to bytes it
    // would become U+FFFD, and match one that has that.
    return matches && stored !== null && !hasInvalidCharacter(password)
  }

  /** True when a hash was made at another cost than today's. */
  isOutdated(stored: string): boolean {
    return needsRehash(stored, this.cost)
  }

  /** How many hashes are at work, and how many wait. */
  load(): { running: number; waiting: number } {
    return { running: this.queue.running(), waiting: this.queue.length() }
  }

  /** Makes ready what the first sign-in would otherwise wait for. */
  async warmUp(): Promise<void> {
    await this.decoyHash()
  }

  private decoyHash(): Promise<string> {
    this.decoy ??= hash('no password is this one', { type: argon2id, ...this.cost })
    return this.decoy
  }

  private async enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.queue.length() >= this.settings.queueLimit) throw rateLimited(1)
    return this.queue.push(work) as Promise<Result>
  }
}
