import { createHash } from 'node:crypto'
import { mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { BreachedPasswordFile } from './breached-password-file.js'
import { BreachedPasswordsService } from './breached-passwords.service.js'
import { requireSearchableFile } from './require-searchable-file.js'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-breached-'))
})
afterAll(() => rm(dir, { recursive: true }))

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase()

/** A file with this text. */
const fileOf = async (text: string, name = 'hashes.txt'): Promise<BreachedPasswordFile> => {
  const path = join(dir, name)
  await writeFile(path, text)
  return new BreachedPasswordFile(path)
}

/** The bytes that look-ups read from files, measured where they call the system. */
const bytesReadDuring = async (work: () => Promise<unknown>): Promise<number> => {
  const handle = await open(__filename)
  const reads = jest.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'read')
  await handle.close()
  try {
    await work()
    return reads.mock.calls.reduce((sum, call) => sum + Number((call as unknown[])[2]), 0)
  } finally {
    reads.mockRestore()
  }
}

describe('a file of a million breached passwords', () => {
  const lineCount = 1_000_000
  // Evenly spread, sorted, and different in the middle of a gap.
  const hashOf = (number: number) =>
    (BigInt(number + 1) * 4_294n).toString(16).padStart(8, '0').toUpperCase() +
    ((BigInt(number + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % 2n ** 128n)
      .toString(16)
      .padStart(32, '0')
      .toUpperCase()
  let file: BreachedPasswordFile

  beforeAll(async () => {
    const path = join(dir, 'million.txt')
    const output = await open(path, 'w')
    for (let first = 0; first < lineCount; first += 10_000) {
      let lines = ''
      for (let number = first; number < first + 10_000; number += 1) {
        lines += `${hashOf(number)}:${1 + ((number * 7_919) % 10 ** (number % 8))}\r\n`
      }
      await output.write(lines)
    }
    await output.close()
    file = new BreachedPasswordFile(path)
  }, 60_000)

  it('can be searched', async () => {
    await file.requireSorted()
  })

  it('has every hash that was written to it', async () => {
    const numbers = Array.from({ length: 200 }, (_, index) => (index * 7_907_693) % lineCount)
    for (const number of [0, 1, lineCount - 2, lineCount - 1, ...numbers]) {
      expect([number, await file.contains(hashOf(number))]).toEqual([number, true])
    }
  })

  it('does not have a hash that differs in one digit', async () => {
    for (let index = 0; index < 200; index += 1) {
      const hash = hashOf((index * 7_907_693) % lineCount)
      const place = index % 40
      const digit = ((Number.parseInt(hash.charAt(place), 16) + 1) % 16).toString(16).toUpperCase()
      expect(await file.contains(hash.slice(0, place) + digit + hash.slice(place + 1))).toBe(false)
    }
    expect(await file.contains('0'.repeat(40))).toBe(false)
    expect(await file.contains('F'.repeat(40))).toBe(false)
  })

  it('is read only at a few places for each look-up', async () => {
    const bytes = await bytesReadDuring(() => file.contains(hashOf(123_456)))
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(10_000)
  })
})

describe('a file of breached passwords', () => {
  const hash = fc
    .array(fc.constantFrom(...'0123456789ABCDEF'), { minLength: 40, maxLength: 40 })
    .map(digits => digits.join(''))
  // Many hashes that differ only at the end, too.
  const near = fc
    .array(fc.constantFrom(...'0F'), { minLength: 10, maxLength: 10 })
    .map(digits => 'A'.repeat(30) + digits.join(''))

  it('has exactly the hashes that a set of its lines has, in each form of the lines', async () => {
    const hashes = fc.uniqueArray(fc.oneof(hash, near), {
      minLength: 1,
      maxLength: 400,
      size: 'max',
    })
    const form = fc.record({
      lineBreak: fc.constantFrom('\n', '\r\n'),
      endsWithBreak: fc.boolean(),
      lowercase: fc.boolean(),
      counts: fc.array(fc.integer({ min: 1, max: 100_000_000 }), { minLength: 1, maxLength: 7 }),
    })
    await fc.assert(
      fc.asyncProperty(
        hashes,
        fc.array(fc.oneof(hash, near), { maxLength: 20 }),
        form,
        async (given, others, { lineBreak, endsWithBreak, lowercase, counts }) => {
          const lines = given
            .toSorted()
            .map((one, index) => `${one}:${counts[index % counts.length]}`)
            .map(line => (lowercase ? line.toLowerCase() : line))
          const file = await fileOf(lines.join(lineBreak) + (endsWithBreak ? lineBreak : ''))
          await file.requireSorted()
          const set = new Set(given)
          const step = Math.ceil(given.length / 25)
          const members = given.toSorted().filter((_, index) => index % step === 0)
          for (const one of [...members, ...others]) {
            expect([one, await file.contains(one)]).toEqual([one, set.has(one)])
          }
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)

  it('does not have a hash with the count 0, which is padding', async () => {
    const file = await fileOf(`${sha1('a')}:0\n`)
    expect(await file.contains(sha1('a'))).toBe(false)
  })

  it('can be replaced while the server runs', async () => {
    const file = await fileOf(`${sha1('a')}:1\n`, 'replaced.txt')
    expect(await file.contains(sha1('b'))).toBe(false)
    await writeFile(join(dir, 'newer.txt'), `${sha1('b')}:1\n`)
    await rename(join(dir, 'newer.txt'), file.path)
    expect(await file.contains(sha1('b'))).toBe(true)
  })

  const many = Array.from({ length: 500 }, (_, number) => sha1(String(number))).sort()
  const faulty: [string, string][] = [
    ['is empty', ''],
    [
      'is sorted by count',
      many
        .toReversed()
        .map((one, index) => `${one}:${index + 1}\n`)
        .join(''),
    ],
    ['has NTLM hashes', many.map(one => `${one.slice(0, 32)}:1\n`).join('')],
    ['has no counts', many.map(one => `${one}\n`).join('')],
    ['has the passwords themselves', 'password\n123456\nqwerty\n'],
    ['has no line breaks', 'A'.repeat(100_000)],
    ['is a binary file', '\0'.repeat(100_000)],
  ]

  it.each(faulty)('is refused at the start if it %s', async (_, text) => {
    const { path } = await fileOf(text)
    await expect(requireSearchableFile(path)).rejects.toMatchObject({
      name: 'ConfigError',
      problems: [expect.stringMatching(/^BREACHED_PASSWORDS_FILE: \S+ must have a line/)],
    })
  })

  it.each([
    ['missing', 'nothing-here.txt', /^BREACHED_PASSWORDS_FILE: ENOENT: no such file/],
    ['a folder', '.', /^BREACHED_PASSWORDS_FILE: EISDIR/],
  ])('is refused at the start if it is %s', async (_, name, problem) => {
    await expect(requireSearchableFile(join(dir, name))).rejects.toMatchObject({
      name: 'ConfigError',
      problems: [expect.stringMatching(problem)],
    })
  })

  it('leaves the password unchecked if it becomes unreadable or invalid later', async () => {
    const file = await fileOf(`${sha1('a')}:1\n`, 'later.txt')
    const service = new BreachedPasswordsService([file])
    await requireSearchableFile(file.path)
    expect(await service.check('a')).toEqual({ isBreached: true, failed: [] })
    for (const [, text] of faulty.filter(([name]) => name !== 'is sorted by count')) {
      await fileOf(text, 'later.txt')
      expect(await service.check('a')).toEqual({ isBreached: false, failed: ['FILE'] })
    }
    await rm(file.path)
    expect(await service.check('a')).toEqual({ isBreached: false, failed: ['FILE'] })
  })

  it('is searched for the password in the form in which it is hashed', async () => {
    const service = new BreachedPasswordsService([await fileOf(`${sha1('Café au lait')}:1\n`)])
    expect((await service.check('Cafe\u0301\u00a0au lait')).isBreached).toBe(true)
    expect((await service.check('CAFÉ AU LAIT')).isBreached).toBe(false)
  })
})
