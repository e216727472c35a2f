import { describe, expect, it } from '@jest/globals'
import { inOrder } from './methods'

describe('the methods of a challenge', () => {
  it('start with methods that cannot be phished, and end with codes that work once', () => {
    expect(inOrder(['RECOVERY_CODE', 'SMS', 'TOTP', 'PASSKEY'], true)).toEqual([
      'PASSKEY',
      'TOTP',
      'SMS',
      'RECOVERY_CODE',
    ])
  })

  it('include only those of the challenge', () => {
    expect(inOrder(['RECOVERY_CODE', 'TOTP'], true)).toEqual(['TOTP', 'RECOVERY_CODE'])
    expect(inOrder([], true)).toEqual([])
  })

  it('end with passkeys in a browser that does not support them', () => {
    expect(inOrder(['PASSKEY', 'TOTP', 'RECOVERY_CODE'], false)).toEqual([
      'TOTP',
      'RECOVERY_CODE',
      'PASSKEY',
    ])
  })
})
