import { hasInvalidCharacter, normalizePassword } from '@rekey/shared/password-policy'
import { argon2id, hash, needsRehash, verify } from 'argon2'
import { type queueAsPromised, promise as queueOf } from 'fastq'
import type { HashingSettings } from '../config/config.js'
import { rateLimited } from '../graphql/api-error.js'

type Job = () => Promise<unknown>

interface Work {
  readonly memoryCost: number
  readonly timeCost: number
}

/** Argon2's time goes by the memory that is filled, in KiB, over all passes (RFC 9106, 3.1). */
const workOf = ({ memoryCost, timeCost }: Work): number => memoryCost * timeCost

// Less takes no time, and no filling of so little is allowed with several lanes.
const leastMemory = 1024

/** The cost that a hash in PHC string format was made at. */
const costIn = (stored: string): Work => {
  const parameter = (name: string) =>
    Number(new RegExp(`[$,]${name}=(\\d+)`).exec(stored)?.[1] ?? 0)
  return { memoryCost: parameter('m'), timeCost: parameter('t') }
}

/**
 * Hashes and verifies passwords with argon2id (RFC 9106), never more at once than
 * the machine has cores: each takes memory, and libuv's threads are shared with
 * the database.
 */
export class PasswordHasher {
  private readonly queue: queueAsPromised<Job, unknown>
  private readonly cost: { memoryCost: number; timeCost: number; parallelism: number }
  private decoy: Promise<string> | undefined

  constructor(private readonly settings: HashingSettings) {
    this.queue = queueOf((job: Job) => job(), settings.concurrency)
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
   * time and is false, so that nobody learns from the clock whether there is one; nor
   * from a hash that was made at a lower cost than today's.
   *
   * @throws RATE_LIMITED when too many hashes wait already.
   */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const against = stored ?? (await this.decoyHash())
    const normalized = normalizePassword(password)
    const matches = await this.enqueue(async () => {
      const right = await verify(against, normalized)
      // Whoever is in learns nothing by it, and is given a hash at today's cost.
      if (!right) await this.makeUpFor(against, normalized)
      return right
    })
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

  /** Works as much longer as a hash at today's cost would have taken. */
  private async makeUpFor(stored: string, password: string): Promise<void> {
    const lacking = workOf(this.cost) - workOf(costIn(stored))
    if (lacking < leastMemory) return
    // Never more memory than a hash of today's takes.
    const timeCost = Math.ceil(lacking / this.cost.memoryCost)
    const memoryCost = Math.max(Math.floor(lacking / timeCost), leastMemory)
    await hash(password, { ...this.cost, type: argon2id, timeCost, memoryCost })
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
