import { pbkdf2, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { argon2id, hash } from 'argon2'
import bcrypt from 'bcrypt'

/** Computing work of one kind. Amounts of the same kind can be added and subtracted. */
export interface HashWork {
  /** An algorithm, with the parameters on which the time does not depend linearly. */
  readonly kind: WorkKind
  /**
   * `argon2`: KiB of memory times passes (RFC 9106, 3.1). `bcrypt`: 2 to the power of its cost.
   * `pbkdf2`: iterations. `scrypt`: its parallelization, p, whose parts OpenSSL computes in turn.
   */
  readonly amount: number
}

/** The kinds of work. Lanes share the work of argon2 among cores, so they are part of its kind. */
export type WorkKind =
  | `argon2-${number}`
  | 'bcrypt'
  | `pbkdf2-${'sha1' | 'sha256' | 'sha512'}`
  | `scrypt-${number}-${number}`

/** Amounts of work by their kind. */
export type WorkByKind = ReadonlyMap<WorkKind, number>

/** The bytes of one result of the hash function. A longer key would cost PBKDF2 as much again. */
export const digestBytes = { sha1: 20, sha256: 32, sha512: 64 } as const

/** Derives a key by PBKDF2 with HMAC (RFC 8018), as long as one result of the hash function. */
export const pbkdf2Key = (
  digest: keyof typeof digestBytes,
  password: Buffer,
  salt: Buffer,
  iterations: number,
): Promise<Buffer> => promisify(pbkdf2)(password, salt, iterations, digestBytes[digest], digest)

/** The memory in bytes that scrypt needs for its cost N and its block size r (RFC 7914). */
export const scryptBytes = (cost: number, blockSize: number): number => 128 * cost * blockSize

/** Derives a key by scrypt (RFC 7914). */
export const scryptKey = (
  password: Buffer,
  salt: Buffer,
  bytes: number,
  { cost, blockSize, parallelization }: Record<'cost' | 'blockSize' | 'parallelization', number>,
): Promise<Buffer> => {
  // OpenSSL also needs memory for each of the parts, and rejects a limit that is only just enough.
  const maxmem = scryptBytes(cost + parallelization + 32, blockSize)
  const derive = promisify<Buffer, Buffer, number, object, Buffer>(scrypt)
  return derive(password, salt, bytes, { cost, blockSize, parallelization, maxmem })
}

/** The work that is lacking of each kind until `goal` is reached, if `done` is done already. */
export const lackingWork = (goal: WorkByKind, done: HashWork): HashWork[] =>
  [...goal]
    .map(([kind, amount]) => ({ kind, amount: amount - (kind === done.kind ? done.amount : 0) }))
    .filter(({ amount }) => amount > 0)

// A smaller difference cannot be measured, and argon2 rejects so little memory with several lanes.
const minMemory = 1024
const minBcryptCost = 4

/**
 * Does so much work of this kind, and throws the result away.
 *
 * @param maxMemory the memory in KiB that argon2 may use.
 */
export const spendWork = async ({ kind, amount }: HashWork, maxMemory: number): Promise<void> => {
  const [algorithm, ...parameters] = kind.split('-')
  const [first = 0, second = 0] = parameters.map(Number)
  const nothing = randomBytes(16)
  switch (algorithm) {
    case 'argon2': {
      if (amount < minMemory) return
      const timeCost = Math.ceil(amount / maxMemory)
      const memoryCost = Math.max(Math.floor(amount / timeCost), minMemory)
      await hash(nothing, { type: argon2id, timeCost, memoryCost, parallelism: first })
      return
    }
    case 'bcrypt':
      // Each cost does twice the work of the one before, so the costs are the bits of the amount.
      for (let cost = minBcryptCost; 2 ** cost <= amount; cost += 1) {
        if (Math.floor(amount / 2 ** cost) % 2 === 1) await bcrypt.hash(nothing, cost)
      }
      return
    case 'pbkdf2':
      await pbkdf2Key(parameters[0] as keyof typeof digestBytes, nothing, nothing, amount)
      return
    case 'scrypt': {
      const cost = { cost: first, blockSize: second, parallelization: amount }
      await scryptKey(nothing, nothing, 64, cost)
    }
  }
}
