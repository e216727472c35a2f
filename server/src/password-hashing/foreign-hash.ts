import { createHash, timingSafeEqual } from 'node:crypto'
import { verify } from 'argon2'
import bcrypt from 'bcrypt'
import { digestBytes, type HashWork, pbkdf2Key, scryptBytes, scryptKey } from './hash-work.js'

/** A password hash that another system made. */
export interface ForeignHash {
  /** The work to verify a password. */
  readonly work: HashWork
  /** The memory to verify a password, in KiB. */
  readonly memory: number
  /**
   * The work as a multiple of the least that OWASP recommends for the algorithm, by which different
   * algorithms are compared.
   */
  readonly cost: number
  /** Whether the work is less than the least that Rekey accepts. */
  readonly tooCheap: boolean
  /** Whether the hash was made of exactly these bytes in UTF-8. */
  readonly matches: (password: string) => Promise<boolean>
}

/** Why a text was not read as a hash. */
export type UnreadableHash = 'UNKNOWN_FORMAT' | 'MALFORMED'

/** The longest text that is read. The accepted formats need at most 200 characters. */
export const maxForeignHashLength = 512

/** The least work that is accepted. A cheaper hash hardly protects its password. */
export const minWork = {
  /** KiB of memory times passes. */
  argon2: 8 * 1024,
  /** The cost. */
  bcrypt: 8,
  /** Iterations, with each hash function. */
  pbkdf2: 10_000,
  /** N × r × p: the default of Node.js and Django. */
  scrypt: 2 ** 14 * 8,
} as const

/** The least work of each algorithm in OWASP's Password Storage Cheat Sheet, as in {@link HashWork}. */
const recommendedWork = {
  argon2: 19 * 1024 * 2,
  bcrypt: 2 ** 10,
  sha1: 1_300_000,
  sha256: 600_000,
  sha512: 210_000,
  scrypt: 2 ** 17 * 8,
} as const

/** The cost of an argon2 hash, as in {@link ForeignHash}, from its KiB of memory times passes. */
export const argon2Cost = (work: number): number => work / recommendedWork.argon2

interface Format {
  /** How every text in this format begins. */
  readonly prefix: string
  /** The whole text after the prefix. Each group is bounded, so matching needs linear time. */
  readonly pattern: RegExp
  /** Reads the groups of the pattern; null if a number or a length is out of range. */
  readonly read: (groups: readonly string[]) => ForeignHash | null
}

// Beyond these bounds, the time of a hash is no longer proportional to its parameters
// suggest: scrypt with a small N spends it in PBKDF2, and argon2 with little memory in starting threads.
// No known software goes beyond them.
const minScryptCost = 2 ** 12
const maxScryptBlockSize = 32
const maxArgon2Passes = 16
const minKibOfLane = 1024
/** The most lanes of argon2, or parts (p) of scrypt. */
const maxLanes = 16

const minSaltBytes = 8
/** The usual lengths, in bytes, of keys whose length is free. A key of another length is cut off. */
const keyBytes = [16, 32, 64]
const bytesOf = (password: string): Buffer => Buffer.from(password, 'utf8')

/** Decodes base64 with or without padding, and passlib's, which has a dot instead of the plus. */
const decode = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64')

const sameBytes = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other)

const maxBcryptBytes = 72

/** @param prepare what the other system did with the password's bytes before bcrypt. */
const bcryptHash = (
  [cost = '', rest = '']: readonly string[],
  prepare: (password: Buffer) => Buffer,
): ForeignHash | null => {
  const rounds = Number(cost)
  if (rounds < 4 || rounds > 31) return null
  // Correct implementations agree on a, b and y. The library's own "a" keeps a fault of OpenBSD's,
  // which computes the length of the password modulo 256.
  const stored = `$2b$${cost}$${rest}`
  return {
    work: { kind: 'bcrypt', amount: 2 ** rounds },
    memory: 4,
    cost: 2 ** rounds / recommendedWork.bcrypt,
    tooCheap: rounds < minWork.bcrypt,
    matches: async password => {
      const bytes = prepare(bytesOf(password))
      const matches = await bcrypt.compare(bytes.subarray(0, maxBcryptBytes), stored)
      // Most implementations stop at a null byte or reject it, so no password contains one.
      return matches && !bytes.includes(0)
    },
  }
}

const hexOfSha256 = (password: Buffer): Buffer =>
  Buffer.from(createHash('sha256').update(password).digest('hex'))

const pbkdf2Hash = (
  digest: keyof typeof digestBytes,
  iterations: number,
  salt: Buffer,
  key: Buffer,
): ForeignHash | null => {
  if (salt.length < minSaltBytes || key.length !== digestBytes[digest] || iterations < 1) {
    return null
  }
  return {
    work: { kind: `pbkdf2-${digest}`, amount: iterations },
    memory: 1,
    cost: iterations / recommendedWork[digest],
    tooCheap: iterations < minWork.pbkdf2,
    matches: async password =>
      sameBytes(await pbkdf2Key(digest, bytesOf(password), salt, iterations), key),
  }
}

const scryptHash = (
  cost: number,
  blockSize: number,
  parallelization: number,
  salt: Buffer,
  key: Buffer,
): ForeignHash | null => {
  const isPowerOfTwo = Number.isInteger(Math.log2(cost)) && cost >= minScryptCost
  if (!isPowerOfTwo || blockSize < 1 || blockSize > maxScryptBlockSize) return null
  if (parallelization < 1 || parallelization > maxLanes) return null
  if (salt.length < minSaltBytes || !keyBytes.includes(key.length)) return null
  const work = cost * blockSize * parallelization
  return {
    work: { kind: `scrypt-${cost}-${blockSize}`, amount: parallelization },
    memory: scryptBytes(cost + parallelization, blockSize) / 1024,
    cost: work / recommendedWork.scrypt,
    tooCheap: work < minWork.scrypt,
    matches: async password => {
      const costs = { cost, blockSize, parallelization }
      return sameBytes(await scryptKey(bytesOf(password), salt, key.length, costs), key)
    },
  }
}

const argon2Hash = (
  type: 'argon2d' | 'argon2i' | 'argon2id',
  [
    memory = '',
    second = '',
    ofSecond = '',
    third = '',
    ofThird = '',
    salt = '',
    key = '',
  ]: readonly string[],
): ForeignHash | null => {
  if (second === third) return null
  const m = Number(memory)
  const [t, p] = (second === 't' ? [ofSecond, ofThird] : [ofThird, ofSecond]).map(Number) as [
    number,
    number,
  ]
  if (t < 1 || t > maxArgon2Passes || p < 1 || p > maxLanes || m < minKibOfLane * p) return null
  if (decode(salt).length < minSaltBytes || !keyBytes.includes(decode(key).length)) return null
  const stored = `$${type}$v=19$m=${m},t=${t},p=${p}$${salt}$${key}`
  return {
    work: { kind: `argon2-${p}`, amount: m * t },
    memory: m,
    cost: argon2Cost(m * t),
    tooCheap: m * t < minWork.argon2,
    matches: password => verify(stored, bytesOf(password)),
  }
}

// The last characters of salt and key have bits that mean nothing and must be 0.
const bcryptPattern = /^(\d\d)\$([./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26])$/

const passlibPattern = /^(\d{1,8})\$([./A-Za-z0-9]{1,128})\$([./A-Za-z0-9]{1,128})$/
const djangoPattern = /^(\d{1,8})\$([!-#%-~]{1,128})\$([+/A-Za-z0-9]{1,128}={0,2})$/
// Most software writes m, t, p in this order, and the library of Node.js m, p, t.
const argon2Pattern =
  /^v=19\$m=(\d{1,8}),([pt])=(\d{1,4}),([pt])=(\d{1,4})\$([+/A-Za-z0-9]{1,128})\$([+/A-Za-z0-9]{1,128})$/

const bcryptIn = (
  prefix: string,
  prepare: (password: Buffer) => Buffer = password => password,
): Format[] =>
  ['$2a$', '$2b$', '$2y$'].map(variant => ({
    prefix: `${prefix}${variant}`,
    pattern: bcryptPattern,
    read: groups => bcryptHash(groups, prepare),
  }))

const passlibPbkdf2 = (prefix: string, digest: keyof typeof digestBytes): Format => ({
  prefix,
  pattern: passlibPattern,
  read: ([iterations = '', salt = '', key = '']) =>
    pbkdf2Hash(digest, Number(iterations), decode(salt), decode(key)),
})

const djangoPbkdf2 = (prefix: string, digest: keyof typeof digestBytes): Format => ({
  prefix,
  pattern: djangoPattern,
  read: ([iterations = '', salt = '', key = '']) =>
    pbkdf2Hash(digest, Number(iterations), bytesOf(salt), decode(key)),
})

const argon2In = (prefix: string): Format[] =>
  (['argon2id', 'argon2i', 'argon2d'] as const).map(type => ({
    prefix: `${prefix}$${type}$`,
    pattern: argon2Pattern,
    read: groups => argon2Hash(type, groups),
  }))

const formats: readonly Format[] = [
  ...bcryptIn(''),
  ...bcryptIn('bcrypt$'),
  ...bcryptIn('bcrypt_sha256$', hexOfSha256),
  djangoPbkdf2('pbkdf2_sha256$', 'sha256'),
  djangoPbkdf2('pbkdf2_sha1$', 'sha1'),
  passlibPbkdf2('$pbkdf2-sha256$', 'sha256'),
  passlibPbkdf2('$pbkdf2-sha512$', 'sha512'),
  passlibPbkdf2('$pbkdf2$', 'sha1'),
  {
    prefix: 'scrypt$',
    pattern: /^(\d{1,8})\$([!-#%-~]{1,128})\$(\d{1,3})\$(\d{1,4})\$([+/A-Za-z0-9]{1,128}={0,2})$/,
    read: ([cost = '', salt = '', blockSize = '', parallelization = '', key = '']) =>
      scryptHash(
        Number(cost),
        Number(blockSize),
        Number(parallelization),
        bytesOf(salt),
        decode(key),
      ),
  },
  {
    prefix: '$scrypt$',
    pattern:
      /^ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,4})\$([+./A-Za-z0-9]{1,128})\$([+./A-Za-z0-9]{1,128})$/,
    read: ([log = '', blockSize = '', parallelization = '', salt = '', key = '']) =>
      scryptHash(
        2 ** Number(log),
        Number(blockSize),
        Number(parallelization),
        decode(salt),
        decode(key),
      ),
  },
  ...argon2In(''),
  ...argon2In('argon2'),
]

/** Reads the hash of another system. Judges its form, and not whether its cost is acceptable. */
export const readForeignHash = (text: string): ForeignHash | UnreadableHash => {
  if (text.length > maxForeignHashLength) return 'MALFORMED'
  const format = formats.find(({ prefix }) => text.startsWith(prefix))
  if (format === undefined) return 'UNKNOWN_FORMAT'
  const [, ...groups] = format.pattern.exec(text.slice(format.prefix.length)) ?? []
  return (groups.length === 0 ? null : format.read(groups)) ?? 'MALFORMED'
}
