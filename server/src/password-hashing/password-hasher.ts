import { newPasswordForm, normalizePassword } from '@rekey/shared/password-policy'
import { argon2id, hash, needsRehash, verify } from 'argon2'
import { type queueAsPromised, promise as queueOf } from 'fastq'
import type { HashingSettings } from '../config/config.js'
import { rateLimited } from '../graphql/api-error.js'

type Job = () => Promise<unknown>

interface Work {
  readonly memoryCost: number
  readonly timeCost: number
}

/** Argon2's time is proportional to the memory, in KiB, times the passes (RFC 9106, 3.1). */
const workOf = ({ memoryCost, timeCost }: Work): number => memoryCost * timeCost

// A smaller difference cannot be measured, and argon2 rejects so little memory with several lanes.
const minMemory = 1024

/** The cost of a stored hash, which is in PHC string format. */
const costIn = (stored: string): Work => {
  const parameter = (name: string) =>
    Number(new RegExp(`[$,]${name}=(\\d+)`).exec(stored)?.[1] ?? 0)
  return { memoryCost: parameter('m'), timeCost: parameter('t') }
}

/**
 * Hashes and verifies passwords with argon2id (RFC 9106). It never runs more hashes at once than
 * the machine has cores: each hash needs memory, and the database shares libuv's threads.
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
   * The hash to store, in PHC string format with a random salt.
   *
   * @throws RATE_LIMITED if too many hashes are waiting.
   */
  async hashPassword(password: string): Promise<string> {
    return this.enqueue(() => hash(newPasswordForm(password), { type: argon2id, ...this.cost }))
  }

  /**
   * Whether the password matches the stored hash; false if there is none. A password with spaces
   * other than the plain space is verified as it was typed, and then with plain spaces, because the
   * hash may be older than {@link newPasswordForm}. A wrong password always takes the same time,
   * even without a hash or with a hash of a lower cost, so the time does not reveal which accounts
   * exist or are old.
   *
   * @throws RATE_LIMITED if too many hashes are waiting.
   */
  async verifyPassword(stored: string | null, password: string): Promise<boolean> {
    const against = stored ?? (await this.decoyHash())
    const forms = new Set([normalizePassword(password), newPasswordForm(password)])
    let matches = false
    for (const form of forms) {
      matches = await this.enqueue(async () => {
        const right = await verify(against, form)
        // A right password needs no extra time: the user is in, and sign-in renews the hash.
        if (!right) await this.makeUpFor(against, form)
        return right
      })
      if (matches) break
    }
    // Encoding turns a lone surrogate into U+FFFD, so the password would match a stored one
    // that contains U+FFFD. No stored password contains a lone surrogate.
    return matches && stored !== null && password.isWellFormed()
  }

  /** Whether a stored hash has a different cost from the configured one. */
  isOutdated(stored: string): boolean {
    return needsRehash(stored, this.cost)
  }

  /** The number of running and of waiting hashes. */
  load(): { running: number; waiting: number } {
    return { running: this.queue.running(), waiting: this.queue.length() }
  }

  /** Computes the decoy hash, so that the first sign-in does not wait for it. */
  async warmUp(): Promise<void> {
    await this.decoyHash()
  }

  /** Spends the additional time that a hash of the configured cost would have needed. */
  private async makeUpFor(stored: string, password: string): Promise<void> {
    const lacking = workOf(this.cost) - workOf(costIn(stored))
    if (lacking < minMemory) return
    // Never more memory than a hash of the configured cost.
    const timeCost = Math.ceil(lacking / this.cost.memoryCost)
    const memoryCost = Math.max(Math.floor(lacking / timeCost), minMemory)
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
