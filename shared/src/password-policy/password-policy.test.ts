import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  defaultPasswordPolicy,
  evaluate,
  foldPassword,
  newPasswordForm,
  type PasswordContext,
  type PasswordRule,
  passwordRules,
  settingOf,
} from './password-policy.js'

const unmet = (password: string, context?: PasswordContext): PasswordRule[] =>
  evaluate(defaultPasswordPolicy, password, context)
    .filter(finding => !finding.met)
    .map(finding => finding.rule)

interface PolicyCase {
  password?: string
  /** For passwords that JSON cannot contain, such as half of a surrogate pair. */
  passwordUtf16?: number[]
  unmet: PasswordRule[]
  note?: string
}
const { cases } = JSON.parse(readFileSync(join(__dirname, 'policy-cases.json'), 'utf8')) as {
  cases: PolicyCase[]
}

const passwordOf = (one: PolicyCase): string =>
  one.password ?? String.fromCharCode(...(one.passwordUtf16 ?? []))

describe('the verdict on a decided case', () => {
  for (const one of cases) {
    it(`${JSON.stringify(passwordOf(one)).slice(0, 60)} ${one.note ?? ''}`, () => {
      expect(unmet(passwordOf(one)).sort()).toEqual([...one.unmet].sort())
    })
  }
})

describe('rules that need a context', () => {
  const good = 'Correct-Horse-7'

  it('have no finding if it is missing', () => {
    const judged = evaluate(defaultPasswordPolicy, good).map(finding => finding.rule)
    expect(judged).toEqual([
      'MIN_LENGTH',
      'MAX_LENGTH',
      'UPPERCASE',
      'LOWERCASE',
      'NUMBER',
      'SPECIAL',
      'INVALID_CHARACTER',
    ])
  })

  it('SAME_AS_CURRENT compares whole passwords, after normalisation, with case', () => {
    expect(unmet(good, { currentPassword: good })).toEqual(['SAME_AS_CURRENT'])
    expect(unmet(good, { currentPassword: good.toUpperCase() })).toEqual([])
    expect(unmet('Ábcdefghij1!', { currentPassword: 'A\u0301bcdefghij1!' })).toEqual([
      'SAME_AS_CURRENT',
    ])
  })

  it('COMMON compares the whole password, folded for case', () => {
    const commonPasswords = new Set([foldPassword('password123!')])
    expect(unmet('PassWord123!', { commonPasswords })).toEqual(['COMMON'])
    expect(unmet('PassWord123!x', { commonPasswords })).toEqual([])
  })

  it.each([
    ['anna.kowalska@example.com', 'Xx1!ANNA.Kowalska', true],
    ['anna.kowalska@example.com', 'Xx1!kowalska-anna', false],
    ['ann@example.com', 'Xx1!annannannann', false],
    ['anna@example.com', 'Xx1!annaannaanna', true],
    ['żółć@example.com', 'Xx1!ŻÓŁĆxxxxx', true],
    ['σοφος@example.com', 'Xx1!ΣΟΦΟΣxxxx', true],
    ['@example.com', 'Xx1!examplexxxx', false],
  ])('CONTAINS_LOGIN: %s in %s: %s', (login, password, contains) => {
    expect(unmet(password, { login })).toEqual(contains ? ['CONTAINS_LOGIN'] : [])
  })
})

describe('the rule CONTEXT_WORD', () => {
  const good = 'Correct-Horse-7'

  it('has no finding without context words, and is met if there are none', () => {
    const judged = (context: PasswordContext) =>
      evaluate(defaultPasswordPolicy, good, context).find(({ rule }) => rule === 'CONTEXT_WORD')
    expect(judged({})).toBeUndefined()
    expect(judged({ contextWords: [] })?.met).toBe(true)
  })

  it.each([
    ['Lindqvist', 'Lindqvist2024!'],
    ['Lindqvist', 'lINDQVIST-2024'],
    ['Lindqvist', 'My2024lindqvist!'],
    ['Müller', 'Muller2024!xx'],
    ['Muller', 'Müller2024!xx'],
    ['Łukasz', 'LUKASZ-2024-x'],
    ['Groß', 'Gross2024!xxx'],
    ['O’Hara', 'Ohara2024!xxx'],
    ['OHara', "O'Hara2024!xx"],
    ['Anna-Maria Kowalska', 'Maria2024!xxx'],
    ['van den Berg', 'Vandenberg24!'],
    ['Ελένη', 'ΕΛΕΝΗ-2024-xX'],
    ['Anna2', 'Anna2-xxxx-Xx'],
    // Words that are too short, are no words, or do not occur.
    ['Li Na', 'Lina2024!xxxx', false],
    ['van den Berg', 'Vanden2024!xx', false],
    ['2024', 'Meadow2024!xx', false],
    ['...', 'Meadow...2024', false],
    ['', 'Meadow2024!xx', false],
    ['Lindqvist', 'Lindqvis-t2024', false],
    ['Lindqvist', 'tsivqdniL2024!', false],
  ])('judges the context word %j in %j', (word, password, contains = true) => {
    const findings = evaluate(defaultPasswordPolicy, password, { contextWords: ['Rekey', word] })
    expect(findings.find(({ rule }) => rule === 'CONTEXT_WORD')?.met).toBe(!contains)
  })

  it('counts characters of a word as the policy says', () => {
    const met = (min: number, word: string) =>
      evaluate([{ rule: 'CONTEXT_WORD', min }], `${word}-2024`, { contextWords: [word] })[0]?.met
    expect(met(5, 'Anna')).toBe(true)
    expect(met(4, 'Anna')).toBe(false)
    // Four characters outside the basic plane, which are eight code units.
    expect(met(5, '𐐀𐐁𐐂𐐃')).toBe(true)
  })

  it('rejects every word of at least four letters, wherever and in whatever case it occurs', () => {
    const letters = fc
      .array(fc.constantFrom(...'abcdełøéßñžç'), { minLength: 4, maxLength: 12 })
      .map(all => all.join(''))
    const around = fc.string({ unit: 'grapheme-ascii', maxLength: 12 })
    fc.assert(
      fc.property(letters, around, around, fc.boolean(), (word, before, after, upper) => {
        const written = upper ? word.toUpperCase() : word
        const context = { contextWords: ['Rekey', `Some ${word}`] }
        expect(unmet(`${before}${written}${after}`, context)).toContain('CONTEXT_WORD')
      }),
      { numRuns: 500 },
    )
  })

  it('judges very long texts', () => {
    const contextWords = [`${'ab '.repeat(50_000)}${'a'.repeat(50_000)}b`]
    const password = 'a'.repeat(100_000)
    expect(unmet(password, { contextWords })).not.toContain('CONTEXT_WORD')
  })
})

describe('the evaluation of any string', () => {
  const character = fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.constantFrom('\u0301', '\u0323', '\u1100', '\u1161', '\u11a8') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('\ud800', '\udfff', '\u0000', '\u{110ba}', '\u{11099}'),
    },
  )
  const text = fc
    .array(character, { maxLength: 40, size: 'max' })
    .map(characters => characters.join(''))
  const context = fc.record(
    {
      currentPassword: text,
      login: text,
      contextWords: fc.array(text, { maxLength: 3 }),
      commonPasswords: fc.constant(new Set<string>()),
    },
    { requiredKeys: [] },
  )

  it('has the same verdict in NFC and in NFD', () => {
    fc.assert(
      fc.property(text, context, (password, given) => {
        expect(evaluate(defaultPasswordPolicy, password.normalize('NFD'), given)).toEqual(
          evaluate(defaultPasswordPolicy, password.normalize('NFC'), given),
        )
      }),
      { numRuns: 2000 },
    )
  })

  it('never finds MAX_LENGTH met because a character was added', () => {
    const tooLong = fc
      .array(character, { minLength: 31, maxLength: 36, size: 'max' })
      .map(characters => characters.join(''))
    fc.assert(
      fc.property(tooLong, character, (password, added) => {
        fc.pre(unmet(password).includes('MAX_LENGTH'))
        expect(unmet(password + added)).toContain('MAX_LENGTH')
      }),
      { numRuns: 500 },
    )
  })

  it('judges rules independently: disabling some does not change the findings of the others', () => {
    fc.assert(
      fc.property(text, context, fc.subarray([...passwordRules]), (password, given, kept) => {
        const some = defaultPasswordPolicy.filter(setting => kept.includes(setting.rule))
        expect(evaluate(some, password, given)).toEqual(
          evaluate(defaultPasswordPolicy, password, given).filter(finding =>
            kept.includes(finding.rule),
          ),
        )
      }),
    )
  })

  it('never throws and judges each rule at most once', () => {
    fc.assert(
      fc.property(text, context, (password, given) => {
        const rules = evaluate(defaultPasswordPolicy, password, given).map(finding => finding.rule)
        expect(new Set(rules).size).toBe(rules.length)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('invisible characters', () => {
  const isValid = (password: string) =>
    evaluate([{ rule: 'INVALID_CHARACTER' }], password)[0]?.met === true

  it.each([
    ['a zero-width space', '\u200b'],
    ['a byte order mark', '\ufeff'],
    ['a soft hyphen', '\u00ad'],
    ['a left-to-right mark', '\u200e'],
    ['a right-to-left override', '\u202e'],
    ['an isolate', '\u2066'],
    ['a word joiner', '\u2060'],
    ['a combining grapheme joiner', '\u034f'],
    ['a Hangul filler', '\u3164'],
    ['a Braille blank', '\u2800'],
    ['a line separator', '\u2028'],
    ['a tag character', '\u{e0041}'],
    ['a control character', '\u0007'],
    ['half of a surrogate pair', '\ud800'],
    ['a joiner that joins nothing', '\u200d'],
    ['a non-joiner that parts nothing', '\u200c'],
    ['the sign of an emoji without one', '\ufe0f'],
  ])('such as %s are rejected', (_, character) => {
    expect(isValid(`Brisk${character}Meadow-41`)).toBe(false)
  })

  it.each([
    ['the non-joiner of Persian', 'می\u200cخواهم-Brisk-41'],
    ['the joiner of an emoji', '👩\u200d🔧-Brisk-Meadow-41'],
    ['the sign of a coloured emoji', '❤\ufe0f-Brisk-Meadow-41'],
    ['a mark', 'Cafe\u0301-Meadow-41'],
    ['a space of any kind', 'Brisk\u00a0Meadow\u300041'],
    ['a family', '👨\u200d👩\u200d👧-Brisk-41'],
    ['a heart on fire', '❤\ufe0f\u200d🔥-Brisk-41'],
    ['a wave with a colour of skin', '👩🏽\u200d🔧-Brisk-41'],
    ['a keycap', '1\ufe0f\u20e3-Brisk-Meadow'],
  ])('do not include %s', (_, password) => {
    expect(isValid(password)).toBe(true)
  })
})

describe('joiners', () => {
  it('neither make a password longer nor hide a common one', () => {
    expect(unmet(`Aa1 ${'\u200d'.repeat(8)}`)).toEqual(['MIN_LENGTH', 'INVALID_CHARACTER'])
    const common = new Set([foldPassword('Password123!')])
    expect(unmet('Password\u200d123!', { commonPasswords: common })).toContain('COMMON')
  })
})

describe('the form of a new password', () => {
  it('contains the space of the space bar in place of every other space', () => {
    const spaces = '\u00a0\u1680\u2000\u2001\u2007\u2009\u200a\u202f\u205f\u3000'
    expect(newPasswordForm(`a${spaces}e\u0301`)).toBe(`a${' '.repeat(10)}é`)
  })

  it('is the form in which a new password is compared with the current one', () => {
    const policy = [{ rule: 'SAME_AS_CURRENT' }] as const
    const given = { currentPassword: 'Brisk\u00a0Meadow 41' }
    expect(evaluate(policy, 'Brisk Meadow\u300041', given)).toMatchObject([{ met: false }])
  })
})

describe('the policy as data', () => {
  it('judges by its numbers', () => {
    expect(evaluate([{ rule: 'NUMBER', min: 2 }], 'a1')).toMatchObject([{ met: false }])
    expect(evaluate([{ rule: 'NUMBER', min: 2 }], 'a12')).toMatchObject([{ met: true }])
    expect(settingOf(defaultPasswordPolicy, 'REUSED')).toEqual({ rule: 'REUSED', last: 5 })
    expect(settingOf([], 'REUSED')).toBeUndefined()
  })
})
