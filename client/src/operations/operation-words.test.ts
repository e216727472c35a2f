import { describe, expect, it } from '@jest/globals'
import { localeOutside } from '../messages/use-locale'
import {
  actorInWords,
  changeRowsOf,
  changesInWords,
  reasonInWords,
  sourceInWords,
} from './operation-words'

const locale = localeOutside()

describe('changesInWords', () => {
  it('shows the value before and after', () => {
    const changes = [
      { name: 'role', from: 'MEMBER', to: 'ADMIN' },
      { name: 'secondFactorMethods', from: 'TOTP, PASSKEY', to: 'TOTP' },
    ]
    expect(changesInWords(locale, changes)).toEqual([
      'Role: Member → Admin',
      'Methods: authenticator app and passkey → authenticator app',
    ])
  })

  it('shows only the value if it was added or is unchanged, and “none” if it was removed', () => {
    const range = '10.0.0.0/8'
    const wordsOf = (from: string | null, to: string | null) =>
      changesInWords(locale, [{ name: 'range', from, to }])
    expect(wordsOf(null, range)).toEqual(['Range: 10.0.0.0/8'])
    expect(wordsOf(range, range)).toEqual(['Range: 10.0.0.0/8'])
    expect(wordsOf(range, null)).toEqual(['Range: 10.0.0.0/8 → none'])
  })

  it('names the sources that could not check a new password for data breaches', () => {
    const changes = [{ name: 'breachCheckFailed', from: null, to: 'FILE, RANGE_SERVICE' }]
    expect(changesInWords(locale, changes)).toEqual([
      'Not checked for data breaches: file on the server and range service',
    ])
  })

  it('lists properties without values in one line', () => {
    const changes = ['lastName', 'phone'].map(name => ({ name, from: null, to: null }))
    expect(changesInWords(locale, changes)).toEqual(['Last name and Phone'])
  })

  it('names the permissions of an API token by their titles', () => {
    const to = 'users.read, users.manage'
    expect(changesInWords(locale, [{ name: 'permissions', from: null, to }])).toEqual([
      'Permissions: See users and Manage users',
    ])
  })

  it('names the action of a bulk job in words', () => {
    const to = 'SEND_PASSWORD_RESET_LINK'
    expect(changesInWords(locale, [{ name: 'action', from: null, to }])).toEqual([
      'Action: Send reset link',
    ])
  })

  it('shows unknown names and values unchanged', () => {
    expect(changesInWords(locale, [{ name: 'colour', from: 'RED', to: 'BLUE' }])).toEqual([
      'colour: RED → BLUE',
    ])
  })

  it.each(['constructor', '__proto__', 'toString'])('shows the unknown name %s unchanged', name => {
    expect(changesInWords(locale, [{ name, from: null, to: name }])).toEqual([`${name}: ${name}`])
    expect(reasonInWords(locale.t, name)).toBe(name)
  })
})

describe('changeRowsOf', () => {
  it('has the property and the values of each change as text', () => {
    const changes = [
      { name: 'role', from: 'MEMBER', to: 'ADMIN' },
      { name: 'phone', from: null, to: null },
      { name: 'keepDays', from: null, to: '90' },
    ]
    expect(changeRowsOf(locale, changes)).toEqual([
      { name: 'role', property: 'Role', from: 'Member', to: 'Admin' },
      { name: 'phone', property: 'Phone', from: null, to: null },
      { name: 'keepDays', property: 'Days to keep operations', from: null, to: '90' },
    ])
  })
})

describe('actorInWords and sourceInWords', () => {
  it.each([
    ['127.0.0.1', 'Not signed in', '127.0.0.1'],
    ['unknown', 'Not signed in', 'Unknown address'],
    ['command line', 'Command line', 'Command line'],
    ['server', 'Rekey server', 'Rekey server'],
  ])('name what did an operation from %s without a user', (ip, actor, source) => {
    expect(actorInWords(locale.t, { actorName: null, ip })).toBe(actor)
    expect(sourceInWords(locale.t, ip)).toBe(source)
  })

  it('name the user if there is one', () => {
    expect(actorInWords(locale.t, { actorName: 'Adam Nowak', ip: 'hidden' })).toBe('Adam Nowak')
  })
})
