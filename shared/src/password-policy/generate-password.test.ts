import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { generatePassword } from './generate-password.js'
import { defaultPasswordPolicy, type PasswordPolicy, violationsOf } from './password-policy.js'

const random = (bound: number) => Math.floor(Math.random() * bound)

describe('a generated password', () => {
  it('meets any policy', () => {
    const policies = fc
      .record({
        minLength: fc.integer({ min: 8, max: 64 }),
        room: fc.integer({ min: 0, max: 60 }),
        uppercase: fc.integer({ min: 0, max: 2 }),
        lowercase: fc.integer({ min: 0, max: 2 }),
        number: fc.integer({ min: 0, max: 2 }),
        special: fc.integer({ min: 0, max: 2 }),
      })
      .map(
        ({ minLength, room, uppercase, lowercase, number, special }): PasswordPolicy => [
          { rule: 'MIN_LENGTH', min: minLength },
          { rule: 'MAX_LENGTH', max: minLength + room },
          { rule: 'UPPERCASE', min: uppercase },
          { rule: 'LOWERCASE', min: lowercase },
          { rule: 'NUMBER', min: number },
          { rule: 'SPECIAL', min: special },
          { rule: 'INVALID_CHARACTER' },
        ],
      )
    fc.assert(
      fc.property(policies, policy => {
        expect(violationsOf(policy, generatePassword(policy, random))).toEqual([])
      }),
    )
  })

  it('is different each time, and twenty characters long', () => {
    const many = new Set(
      Array.from({ length: 200 }, () => generatePassword(defaultPasswordPolicy, random)),
    )
    expect(many.size).toBe(200)
    expect([...many].every(password => password.length === 20)).toBe(true)
  })

  it('uses every draw, and prefers no place and no character', () => {
    // A source that always returns the greatest possible number.
    const greatest = generatePassword([{ rule: 'MIN_LENGTH', min: 8 }], bound => bound - 1)
    expect(new Set(greatest)).toEqual(new Set('_'))
    const counts = new Map<string, number>()
    for (let round = 0; round < 2000; round += 1) {
      const [first = ''] = generatePassword(defaultPasswordPolicy, random)
      const kind = /\d/.test(first) ? 'number' : /[a-z]/i.test(first) ? 'letter' : 'special'
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    }
    // After the shuffle, the required number is not always in the same place.
    expect([...counts.keys()].sort()).toEqual(['letter', 'number', 'special'])
  })

  it('throws an error, and does not run forever, if a policy contradicts itself', () => {
    const impossible: PasswordPolicy = [
      { rule: 'MAX_LENGTH', max: 2 },
      { rule: 'NUMBER', min: 3 },
    ]
    expect(() => generatePassword(impossible, random)).toThrow('rejects every generated password')
  })
})
