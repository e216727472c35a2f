import { describe, expect, it } from '@jest/globals'
import { defaultPasswordPolicy } from './password-policy.js'
import { passwordRulesAttribute } from './password-rules-attribute.js'

describe('the passwordrules attribute', () => {
  it('contains the part of the policy that it can express', () => {
    expect(passwordRulesAttribute(defaultPasswordPolicy)).toBe(
      'minlength: 12; maxlength: 30; required: upper; required: lower; required: digit; required: special; allowed: ascii-printable;',
    )
    expect(passwordRulesAttribute([{ rule: 'MIN_LENGTH', min: 15 }])).toBe(
      'minlength: 15; allowed: ascii-printable;',
    )
  })
})
