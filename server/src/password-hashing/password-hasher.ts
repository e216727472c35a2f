import { newPasswordForm, normalizePassword } from '@rekey/shared/password-policy'
import { argon2id, hash, needsRehash, verify } from 'argon2'
import { type queueAsPromised, promise as queueOf } from 'fastq'
import type { HashingSettings } from '../config/config.js'
import { rateLimited } from '../graphql/api-error.js'
import {
  argon2Cost,
  type ForeignHash,
  readForeignHash,
  type UnreadableHash,
} from './foreign-hash.js'
import { type HashWork, lackingWork, spendWork, type WorkByKind } from './hash-work.js'
import { isImported, readImported, storedForm } from './imported-hash.js'

type Job = () => Promise<unknown>

/** Why the hash of another system cannot be imported. */
export type ImportRefusal = UnreadableHash | 'TOO_CHEAP' | 'TOO_EXPENSIVE'

/** The hash of another system that can be imported. */
export interface ImportableHash {
  /** The form to store. */
  readonly stored: string
  /** The work to verify a password with it. */
  readonly work: HashWork
}

/** How many times as much as one of Rekey's own hashes the hash of another system may cost. */
const maxTimesOwn = 4
/** The least work that a server accepts for its own hashes, except in tests. */
const minOwnWork = (7_168 * 5) / 2
/** The memory in KiB that the hash of another system may always need. */
const maxForeignMemory = 128 * 1024

/** The work of an argon2 hash in PHC string format: KiB of memory times passes. */
const argon2Work = (stored: string): number => {
  const parameter = (name: string) =>
    Number(new RegExp(`[$,]${name}=(\\d+)`).exec(stored)?.[1] ?? 0)
  return parameter('m') * parameter('t')
}

/**
 * Hashes and verifies passwords with argon2id (RFC 9106), and verifies imported hashes of other
 * systems. It never runs more hashes at once than the machine has cores: each hash needs memory, and
 * the database shares libuv's threads.
 */
export class PasswordHasher {
  private readonly queue: queueAsPromised<Job, unknown>
  private readonly cost: { memoryCost: number; timeCost: number; parallelism: number }
  private readonly ownWork: HashWork
  private decoy: Promise<string> | undefined

  /** @param importedWork returns the most work of each kind that imported hashes need. */
  constructor(
    private readonly settings: HashingSettings,
    private readonly importedWork: () => Promise<WorkByKind>,
  ) {
    this.queue = queueOf((job: Job) => job(), settings.concurrency)
    this.cost = {
      memoryCost: settings.memoryCost,
      timeCost: settings.timeCost,
      parallelism: settings.parallelism,
    }
    this.ownWork = {
      kind: `argon2-${settings.parallelism}`,
      amount: settings.memoryCost * settings.timeCost,
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
   * Whether the password matches the stored hash; false if there is none. The password is verified
   * in NFC, with plain spaces, because {@link newPasswordForm} is newer than some hashes, and as it
   * was typed, because other systems hash that. A wrong password always takes the same time: without
   * a hash, with a hash of a lower cost, and with an imported one. So the time does not reveal which
   * accounts exist, are old or were imported.
   *
   * @throws RATE_LIMITED if too many hashes are waiting.
   */
  async verifyPassword(stored: string | null, password: string): Promise<boolean> {
    const goal = await this.workOfRejection()
    const against = this.readStored(stored ?? (await this.decoyHash()))
    const matches = await this.matchesForm(against, password, () =>
      this.makeUpFor(against.work, goal),
    )
    return matches && stored !== null
  }

  /**
   * Like {@link verifyPassword}, for a new password that is compared with an earlier one. It takes as
   * long as that hash takes, because who compares knows which account they change.
   */
  isEarlierPassword(stored: string, password: string): Promise<boolean> {
    return this.matchesForm(this.readStored(stored), password, async () => undefined)
  }

  /** Whether a stored hash was imported, or has a different cost from the configured one. */
  isOutdated(stored: string): boolean {
    return isImported(stored) || needsRehash(stored, this.cost)
  }

  /**
   * Reads the hash of another system. It may cost at most four times as much as a hash of the
   * configured cost, compared by the least that OWASP recommends for each algorithm, and may need at
   * most 128 MiB of memory, or four times the configured memory if that is more.
   *
   * @returns the hash to store, or why it is rejected.
   */
  readImport(text: string): ImportableHash | ImportRefusal {
    const foreign = readForeignHash(text)
    if (typeof foreign === 'string') return foreign
    if (foreign.tooCheap) return 'TOO_CHEAP'
    const maxMemory = Math.max(maxForeignMemory, maxTimesOwn * this.cost.memoryCost)
    const maxCost = maxTimesOwn * argon2Cost(Math.max(this.ownWork.amount, minOwnWork))
    if (foreign.cost > maxCost || foreign.memory > maxMemory) return 'TOO_EXPENSIVE'
    return { stored: storedForm(foreign, text), work: foreign.work }
  }

  /** The number of running and of waiting hashes. */
  load(): { running: number; waiting: number } {
    return { running: this.queue.running(), waiting: this.queue.length() }
  }

  /** Computes the decoy hash, so that the first sign-in does not wait for it. */
  async warmUp(): Promise<void> {
    await this.decoyHash()
  }

  /** @param afterMismatch what to do for each form of the password that does not match. */
  private async matchesForm(
    against: Pick<ForeignHash, 'matches'>,
    password: string,
    afterMismatch: () => Promise<void>,
  ): Promise<boolean> {
    // The same forms for every hash: otherwise their number would reveal the kind of hash.
    const forms = new Set([normalizePassword(password), newPasswordForm(password), password])
    for (const form of forms) {
      const matches = await this.enqueue(async () => {
        const right = await against.matches(form)
        // A right password needs no extra time: the user is in, and sign-in renews the hash.
        if (!right) await afterMismatch()
        return right
      })
      // Encoding turns a lone surrogate into U+FFFD, so the password would match a stored one
      // that contains U+FFFD. No stored password contains a lone surrogate.
      if (matches) return password.isWellFormed()
    }
    return false
  }

  private readStored(stored: string): Pick<ForeignHash, 'work' | 'matches'> {
    if (isImported(stored)) return readImported(stored)
    return {
      work: { ...this.ownWork, amount: argon2Work(stored) },
      matches: password => verify(stored, password),
    }
  }

  /**
   * The work that every rejected password costs: one hash of the configured cost, and the most
   * expensive imported hash of each kind.
   */
  private async workOfRejection(): Promise<WorkByKind> {
    const imported = await this.importedWork()
    const { kind, amount } = this.ownWork
    return new Map([...imported, [kind, Math.max(amount, imported.get(kind) ?? 0)]])
  }

  /** Does the work that a rejected password costs, except for what was done already. */
  private async makeUpFor(done: HashWork, goal: WorkByKind): Promise<void> {
    for (const work of lackingWork(goal, done)) await spendWork(work, this.cost.memoryCost)
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
