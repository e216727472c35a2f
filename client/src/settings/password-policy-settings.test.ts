import { describe, expect, it } from '@jest/globals'
import { presetPolicies, ruleBounds } from '@rekey/shared/password-policy'
import { localeOutside } from '../messages/use-locale'
import {
  changesOf,
  isSamePolicy,
  type PolicyValues,
  policyOfValues,
  validatePolicy,
  valuesOf,
} from './password-policy-settings'

const { t } = localeOutside()

const valuesOfPolicy = (policy: (typeof presetPolicies)['REKEY']): PolicyValues =>
  valuesOf(
    policy.map(({ rule, ...numbers }) => ({
      __typename: 'PasswordRuleSettings' as const,
      rule,
      enabled: true,
      bound: Object.values(numbers)[0] ?? null,
    })),
  )
const rekey = valuesOfPolicy(presetPolicies.REKEY)
const nist = valuesOfPolicy(presetPolicies.NIST)

const switchedOff = (values: PolicyValues, rule: keyof PolicyValues['enabled']): PolicyValues => ({
  ...values,
  enabled: { ...values.enabled, [rule]: false },
})

describe('the form of the password policy', () => {
  it('describes the policy from which it was filled', () => {
    expect(policyOfValues(rekey)).toEqual(presetPolicies.REKEY)
    expect(policyOfValues(nist)).toEqual(presetPolicies.NIST)
    expect(isSamePolicy(rekey, nist)).toBe(false)
  })

  it('sends only the rules that were changed', () => {
    expect(changesOf(rekey, rekey)).toEqual([])
    expect(changesOf(rekey, { ...rekey, MIN_LENGTH: ' 14 ' })).toEqual([
      { rule: 'MIN_LENGTH', enabled: true, bound: 14 },
    ])
    expect(changesOf(rekey, { ...switchedOff(rekey, 'NUMBER'), NUMBER: '4' })).toEqual([
      { rule: 'NUMBER', enabled: false, bound: null },
    ])
    expect(changesOf(switchedOff(rekey, 'COMMON'), rekey)).toEqual([
      { rule: 'COMMON', enabled: true, bound: null },
    ])
  })

  it.each(['', '7', '65', '12.5', 'twelve', '-12', '1e1', '00012'])(
    'rejects %j as the minimum length',
    MIN_LENGTH => {
      expect(validatePolicy(t)({ ...rekey, MIN_LENGTH })).toEqual({
        MIN_LENGTH: 'Enter a whole number from 8 to 64.',
      })
    },
  )

  it('ignores the number of a rule that is switched off', () => {
    expect(validatePolicy(t)({ ...switchedOff(rekey, 'REUSED'), REUSED: '' })).toEqual({})
  })

  it('rejects a maximum length that is less than other rules require', () => {
    expect(validatePolicy(t)({ ...rekey, MAX_LENGTH: '11' })).toEqual({
      MAX_LENGTH: 'The maximum length must not be less than the minimum length, 12.',
    })
    expect(validatePolicy(t)({ ...rekey, MIN_LENGTH: '8', MAX_LENGTH: '8', NUMBER: '8' })).toEqual({
      MAX_LENGTH:
        'The maximum length must not be less than the 11 characters that other rules require.',
    })
    expect(ruleBounds.MAX_LENGTH?.least).toBe(8)
  })
})
