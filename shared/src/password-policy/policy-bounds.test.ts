import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { generatePassword } from './generate-password.js'
import {
  evaluate,
  type PasswordPolicy,
  type PasswordRule,
  passwordRules,
} from './password-policy.js'
import {
  boundOf,
  canBeSwitchedOff,
  contradictionOf,
  defaultBoundOf,
  presetPolicies,
  ruleBounds,
  ruleWith,
} from './policy-bounds.js'

/** Any policy within the bounds, with or without a contradiction. */
const policies: fc.Arbitrary<PasswordPolicy> = fc
  .tuple(
    ...passwordRules.map(rule => {
      const { least = 0, greatest = 0 } = ruleBounds[rule] ?? {}
      const setting = fc
        .oneof(fc.constantFrom(least, greatest), fc.integer({ min: least, max: greatest }))
        .map(bound => ruleWith(rule, bound))
      return canBeSwitchedOff(rule) ? fc.option(setting) : setting
    }),
  )
  .map(settings => settings.filter(setting => setting !== null))

// A fixed sequence instead of chance, so that a failure can be repeated.
const randomBelow = () => {
  let state = 1
  return (bound: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % bound
  }
}

describe('the bounds of the rules', () => {
  it('contain the numbers of every preset', () => {
    for (const policy of Object.values(presetPolicies)) {
      for (const setting of policy) {
        const bound = ruleBounds[setting.rule]
        const number = boundOf(setting)
        expect(number === null).toBe(bound === null)
        expect(number ?? 0).toBeGreaterThanOrEqual(bound?.least ?? 0)
        expect(number ?? 0).toBeLessThanOrEqual(bound?.greatest ?? 0)
        expect(ruleWith(setting.rule, number)).toEqual(setting)
      }
      expect(contradictionOf(policy)).toBeNull()
    }
  })

  it('have a default number for each rule that has a number', () => {
    for (const rule of passwordRules) {
      expect(defaultBoundOf(rule) === null).toBe(ruleBounds[rule] === null)
    }
  })

  it('allow only policies that a generated password can meet, unless they contradict themselves', () => {
    fc.assert(
      fc.property(policies, policy => {
        fc.pre(contradictionOf(policy) === null)
        const context = { login: 'maya@rekey.example', contextWords: ['Rekey', 'Maya Meadow'] }
        const password = generatePassword(policy, randomBelow(), context)
        expect(evaluate(policy, password, context).filter(({ met }) => !met)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('find the contradiction of every policy whose maximum length leaves no password', () => {
    fc.assert(
      fc.property(policies, policy => {
        const contradiction = contradictionOf(policy)
        fc.pre(contradiction !== null)
        expect(() => generatePassword(policy, randomBelow())).toThrow()
      }),
      { numRuns: 20 },
    )
  })
})

describe('the presets', () => {
  const unmet = (policy: PasswordPolicy, password: string): PasswordRule[] =>
    evaluate(policy, password)
      .filter(({ met }) => !met)
      .map(({ rule }) => rule)

  it('differ in what they require: NIST asks for length, Rekey for kinds of characters', () => {
    const phrase = 'slow meadow harbour'
    expect(unmet(presetPolicies.NIST, phrase)).toEqual([])
    expect(unmet(presetPolicies.REKEY, phrase)).toEqual(['UPPERCASE', 'NUMBER'])
    const short = 'Brisk-Meadow41'
    expect(unmet(presetPolicies.REKEY, short)).toEqual([])
    expect(unmet(presetPolicies.NIST, short)).toEqual(['MIN_LENGTH'])
    expect(unmet(presetPolicies.NIST, 'x'.repeat(128))).toEqual([])
    expect(unmet(presetPolicies.NIST, 'x'.repeat(129))).toEqual(['MAX_LENGTH'])
  })
})
