import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { loadCommonPasswords } from './common-passwords.js'
import {
  defaultPasswordPolicy,
  evaluate,
  foldPassword,
  type PasswordPolicy,
  violationsOf,
} from './password-policy.js'

const { cases } = JSON.parse(readFileSync(join(__dirname, 'policy-cases.json'), 'utf8')) as {
  cases: { password?: string; unmet: string[] }[]
}

/** Whether some spelling of a folded password meets the policy. */
const couldFit = (policy: PasswordPolicy, folded: string): boolean => {
  const letters = [...folded.matchAll(/\p{L}/gu)].map(match => match.index)
  const [first] = letters
  if (first === undefined) return violationsOf(policy, folded).length === 0
  // The first letter keeps its case, the others become lowercase.
  const mixed = folded.slice(0, first + 1) + folded.slice(first + 1).toLowerCase()
  return violationsOf(policy, mixed).length === 0
}

describe('the list of commonly used passwords', () => {
  it('has at least 3,000 passwords that the other rules of the default policy allow', async () => {
    const common = await loadCommonPasswords(defaultPasswordPolicy)
    const fitting = [...common].filter(text => couldFit(defaultPasswordPolicy, text))
    expect(fitting.length).toBeGreaterThanOrEqual(3000)
  })

  it.each([
    ['eight characters of any kind', [{ rule: 'MIN_LENGTH', min: 8 }, { rule: 'COMMON' }]],
    [
      'ten characters with a number',
      [{ rule: 'MIN_LENGTH', min: 10 }, { rule: 'NUMBER', min: 1 }, { rule: 'COMMON' }],
    ],
    ['fifteen characters of any kind', [{ rule: 'MIN_LENGTH', min: 15 }, { rule: 'COMMON' }]],
  ] as [string, PasswordPolicy][])(
    'has at least 3,000 passwords for a policy of %s',
    async (_name, policy) => {
      const common = await loadCommonPasswords(policy)
      const fitting = [...common].filter(text => couldFit(policy, text))
      expect(fitting.length).toBeGreaterThanOrEqual(3000)
    },
  )

  it('is folded, so that a look-up can compare passwords', async () => {
    const common = await loadCommonPasswords([{ rule: 'COMMON' }])
    expect([...common].filter(text => foldPassword(text) !== text)).toEqual([])
  })

  it.each(['Password123!', 'pAssword123!', 'P@ssw0rd1234', 'Welcome12345!'])(
    'refuses %s',
    async password => {
      const commonPasswords = await loadCommonPasswords(defaultPasswordPolicy)
      expect(evaluate(defaultPasswordPolicy, password, { commonPasswords })).toContainEqual(
        expect.objectContaining({ rule: 'COMMON', met: false }),
      )
    },
  )

  it('contains none of the passwords that the decided cases accept', async () => {
    const commonPasswords = await loadCommonPasswords([{ rule: 'COMMON' }])
    for (const { password, unmet } of cases) {
      if (password === undefined || unmet.length > 0) continue
      expect(violationsOf(defaultPasswordPolicy, password, { commonPasswords })).toEqual([])
    }
  })

  it('is not loaded for a policy without the rule COMMON', async () => {
    expect(await loadCommonPasswords([{ rule: 'MIN_LENGTH', min: 8 }])).toEqual(new Set())
  })
})
