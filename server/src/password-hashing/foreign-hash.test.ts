import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { foreignHashes, foreignPassword, tooExpensiveHashes } from '../testing/foreign-hashes.js'
import { type ForeignHash, maxForeignHashLength, readForeignHash } from './foreign-hash.js'

const read = (text: string): ForeignHash => {
  const foreign = readForeignHash(text)
  if (typeof foreign === 'string') throw new Error(`${text} is ${foreign}.`)
  return foreign
}

const samples = Object.entries({ ...foreignHashes, ...tooExpensiveHashes })

describe('the hash of another system', () => {
  it.each(samples)('matches only the password that it was made of (%s)', async (_from, text) => {
    const { matches } = read(text)
    expect(await matches(foreignPassword)).toBe(true)
    expect(await matches(`${foreignPassword} `)).toBe(false)
    expect(await matches('')).toBe(false)
  })

  it.each(samples)('matches no other encoding of the same characters (%s)', async (_from, text) => {
    expect(await read(text).matches(foreignPassword.normalize('NFD'))).toBe(false)
  })

  it.each(samples)('is malformed with a part missing or too much (%s)', (_from, text) => {
    expect(readForeignHash(text.slice(0, text.lastIndexOf('$')))).toBe('MALFORMED')
    expect(readForeignHash(text.slice(0, -8))).toBe('MALFORMED')
    expect(readForeignHash(text.replace(/=+$/, '').slice(0, -1))).toBe('MALFORMED')
    expect(readForeignHash(`${text}$x`)).toBe('MALFORMED')
    expect(readForeignHash(`${text}\n`)).toBe('MALFORMED')
    expect(readForeignHash(`${text}${'x'.repeat(maxForeignHashLength)}`)).toBe('MALFORMED')
  })

  it.each([
    ['an empty text', ''],
    ['a password', 'Tr0ub4dor'],
    ['MD5', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['crypt with SHA-512', '$6$rounds=5000$usesomesillystri$D4IrlXatmP7rx3P3InaxBeoomnAihCKR'],
    [
      'the bcrypt of PHP before 5.3.7',
      '$2x$10$6Lx/LI1mngFSbUwtnszD/.Cyh8/2/wSh6ubVGOUAZlj6cnFQF32ou',
    ],
    ['Rekey’s own mark', `imported:bcrypt:${foreignHashes['bcrypt for Python: 2b']}`],
  ])('is of an unknown format: %s', (_what, text) => {
    expect(readForeignHash(text)).toBe('UNKNOWN_FORMAT')
  })

  it.each([
    ['a bcrypt cost beyond 31', '$2b$32$6Lx/LI1mngFSbUwtnszD/.Cyh8/2/wSh6ubVGOUAZlj6cnFQF32ou'],
    [
      'a bcrypt salt with stray bits',
      '$2b$10$6Lx/LI1mngFSbUwtnszD//Cyh8/2/wSh6ubVGOUAZlj6cnFQF32ou',
    ],
    [
      'an scrypt N that is no power of two',
      'scrypt$16385$5uUwgBduTavC8g89MfV73B$8$5$+kvz6N81MGPgwD2/jQHFMAruqC66jvtxfuhy+B4g3sM=',
    ],
    [
      'argon2 with less memory than its lanes need',
      '$argon2id$v=19$m=8,t=2,p=2$+x1Lkp7qyj2swHpM5x9vow$4N5el1K0nExCRvTgYMvuQFPKphAR9g0FcIk7fPRPm8Q',
    ],
    [
      'an scrypt N so small that only r and p make it expensive',
      'scrypt$2$5uUwgBduTavC8g89MfV73B$999$2099$+kvz6N81MGPgwD2/jQHFMAruqC66jvtxfuhy+B4g3sM=',
    ],
    [
      'an scrypt r that no software uses',
      'scrypt$16384$5uUwgBduTavC8g89MfV73B$33$1$+kvz6N81MGPgwD2/jQHFMAruqC66jvtxfuhy+B4g3sM=',
    ],
    [
      'an scrypt p that no software uses',
      '$scrypt$ln=12,r=8,p=17$+x1Lkp7qyj2swHpM5x9vow$4N5el1K0nExCRvTgYMvuQFPKphAR9g0FcIk7fPRPm8Q',
    ],
    [
      'argon2 with many passes over little memory',
      '$argon2id$v=19$m=1024,t=17,p=1$+x1Lkp7qyj2swHpM5x9vow$4N5el1K0nExCRvTgYMvuQFPKphAR9g0FcIk7fPRPm8Q',
    ],
    [
      'argon2 with less than 1 MiB for a lane',
      '$argon2id$v=19$m=16383,t=2,p=16$+x1Lkp7qyj2swHpM5x9vow$4N5el1K0nExCRvTgYMvuQFPKphAR9g0FcIk7fPRPm8Q',
    ],
    [
      'argon2 of version 16',
      '$argon2id$v=16$m=19456,t=2,p=1$+x1Lkp7qyj2swHpM5x9vow$4N5el1K0nExCRvTgYMvuQFPKphAR9g0FcIk7fPRPm8Q',
    ],
    [
      'argon2 without lanes',
      '$argon2id$v=19$m=19456,t=2,t=2$+x1Lkp7qyj2swHpM5x9vow$4N5el1K0nExCRvTgYMvuQFPKphAR9g0FcIk7fPRPm8Q',
    ],
    [
      'a PBKDF2 key longer than its hash',
      'pbkdf2_sha1$1000000$elbULQTvUd3pDPxhVNE5cR$v4hS0UmSDAZfXxRSz58qy5MyCrt1lBRTSbvP7PCaEgc=',
    ],
    ['a short salt', 'pbkdf2_sha1$1000000$short$AtUiTZcegVfO73jRYEbar7MABoU='],
    ['no iterations', 'pbkdf2_sha1$0$elbULQTvUd3pDPxhVNE5cR$AtUiTZcegVfO73jRYEbar7MABoU='],
  ])('is malformed: %s', (_what, text) => {
    expect(readForeignHash(text)).toBe('MALFORMED')
  })

  it('is read or rejected without an error, whatever the text', () => {
    const prefixes = samples.map(([, text]) => text.slice(0, 12))
    const parts = fc.constantFrom('$', '=', ',', '0', '9', '19', 'm=', 'v=19', 'ln=', 'a', '\u0000')
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom(...prefixes), fc.array(parts, { maxLength: 80 }))
        .map(([prefix, rest]) => prefix + rest.join('')),
      // A real hash with one character replaced.
      fc
        .tuple(fc.constantFrom(...samples), fc.nat(), fc.string({ minLength: 1, maxLength: 1 }))
        .map(([[, text], at, char]) => {
          const place = at % text.length
          return text.slice(0, place) + char + text.slice(place + 1)
        }),
    )
    fc.assert(
      fc.property(texts, text => {
        const foreign = readForeignHash(text)
        if (typeof foreign === 'string') return
        expect(Number.isFinite(foreign.cost)).toBe(true)
        expect(foreign.cost).toBeGreaterThan(0)
        expect(foreign.memory).toBeGreaterThan(0)
        expect(foreign.work.amount).toBeGreaterThanOrEqual(1)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the 72 bytes of bcrypt', () => {
  // Made by libxcrypt of the whole password.
  const long = '$2b$08$abcdefghijklmnopqrstuu2YU5DX.yfLXRZZH97CcUSpwvDdWc5YO'
  const password = 'Long-Passphrase-1 '.repeat(5)

  it('are all that counts of a longer password, as in the system that made the hash', async () => {
    const { matches } = read(long)
    expect(await matches(password)).toBe(true)
    expect(await matches(password.slice(0, 72))).toBe(true)
    expect(await matches(`${password.slice(0, 72)}another end`)).toBe(true)
    expect(await matches(password.slice(0, 71))).toBe(false)
  })

  it.each(['2a', '2b', '2y'])('are the same however long the password is (%s)', async variant => {
    const { matches } = read(long.replace('2b', variant))
    expect(await matches(password.padEnd(255, 'x'))).toBe(true)
    expect(await matches(password.padEnd(256 + 72, 'x'))).toBe(true)
    expect(await matches('L'.repeat(256))).toBe(false)
  })

  it('never match a password with a null byte', async () => {
    const { matches } = read(foreignHashes['bcrypt for Python: 2b'])
    expect(await matches(`${foreignPassword}\u0000`)).toBe(false)
    expect(await matches(`${foreignPassword}\u0000${foreignPassword}`)).toBe(false)
  })
})
