import { describe, expect, it } from '@jest/globals'
import { changesOf, editedOf, isSame, type SecondFactorSettings } from './security-settings'

const saved: SecondFactorSettings = {
  secondFactor: 'OPTIONAL',
  secondFactorMethods: ['TOTP', 'PASSKEY'],
  trustedDevices: 'WEEK',
}

describe('what is sent of the security settings', () => {
  it('is what was changed, and nothing else', () => {
    expect(changesOf(saved, saved)).toEqual({})
    expect(changesOf(saved, { ...saved, secondFactor: 'REQUIRED' })).toEqual({
      secondFactor: 'REQUIRED',
    })
    expect(
      changesOf(saved, { ...saved, trustedDevices: 'NEVER', secondFactorMethods: ['PASSKEY'] }),
    ).toEqual({ trustedDevices: 'NEVER', secondFactorMethods: ['PASSKEY'] })
  })

  it('is not the order in which methods were ticked', () => {
    const reordered: SecondFactorSettings = { ...saved, secondFactorMethods: ['PASSKEY', 'TOTP'] }
    expect(isSame(saved, reordered)).toBe(true)
    expect(changesOf(saved, reordered)).toEqual({})
    expect(
      editedOf({
        ...reordered,
        secondFactorRequiredFrom: null,
        smsAvailable: false,
        ipAuthorization: false,
        apiTokenMaxDays: null,
      }),
    ).toEqual(saved)
  })
})
