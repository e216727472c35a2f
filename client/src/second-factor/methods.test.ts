import { describe, expect, it } from '@jest/globals'
import { inOrder } from './methods'

describe('the ways to answer a challenge', () => {
  it('begin with what can’t be phished, and end with what is used up', () => {
    expect(inOrder(['RECOVERY_CODE', 'SMS', 'TOTP', 'PASSKEY'], true)).toEqual([
      'PASSKEY',
      'TOTP',
      'SMS',
      'RECOVERY_CODE',
    ])
  })

  it('are those of the challenge alone', () => {
    expect(inOrder(['RECOVERY_CODE', 'TOTP'], true)).toEqual(['TOTP', 'RECOVERY_CODE'])
    expect(inOrder([], true)).toEqual([])
  })

  it('end with passkeys in a browser that knows none', () => {
    expect(inOrder(['PASSKEY', 'TOTP', 'RECOVERY_CODE'], false)).toEqual([
      'TOTP',
      'RECOVERY_CODE',
      'PASSKEY',
    ])
  })
})
