import { describe, expect, it } from '@jest/globals'
import { changesInWords } from './operation-words'

describe('what an operation changed, in words', () => {
  it('is a value before and after', () => {
    const changes = [
      { name: 'role', from: 'MEMBER', to: 'ADMIN' },
      { name: 'secondFactorMethods', from: 'TOTP, PASSKEY', to: 'TOTP' },
    ]
    expect(changesInWords(changes)).toEqual([
      'Role: Member → Admin',
      'Methods: authenticator app, passkey → authenticator app',
    ])
  })

  it('is the value alone of what came or stayed, and tells of what went', () => {
    const range = '10.0.0.0/8'
    const told = (from: string | null, to: string | null) =>
      changesInWords([{ name: 'range', from, to }])
    expect(told(null, range)).toEqual(['Range: 10.0.0.0/8'])
    expect(told(range, range)).toEqual(['Range: 10.0.0.0/8'])
    expect(told(range, null)).toEqual(['Range: 10.0.0.0/8 → none'])
  })

  it('is the names in one line where values are not kept', () => {
    const changes = ['lastName', 'phone'].map(name => ({ name, from: null, to: null }))
    expect(changesInWords(changes)).toEqual(['Last name, Phone'])
  })

  it('has what is newer than its words as it is', () => {
    expect(changesInWords([{ name: 'colour', from: 'RED', to: 'BLUE' }])).toEqual([
      'colour: RED → BLUE',
    ])
  })
})
