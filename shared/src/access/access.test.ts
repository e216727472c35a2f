import { describe, expect, it } from '@jest/globals'
import {
  hasPermission,
  mayChangeLoginOf,
  mayChangePasswordOf,
  mayReadUser,
  mayUpdateUser,
  outranks,
  permissions,
  type Role,
  roles,
} from './access.js'

const someone = (role: Role, id = `${role}-1`) => ({ id, role })

describe('roles', () => {
  it('owners and admins hold every permission, members none', () => {
    for (const permission of permissions) {
      expect(hasPermission({ role: 'OWNER' }, permission)).toBe(true)
      expect(hasPermission({ role: 'ADMIN' }, permission)).toBe(true)
      expect(hasPermission({ role: 'MEMBER' }, permission)).toBe(false)
    }
  })

  it('rank strictly: no role outranks itself', () => {
    for (const role of roles) expect(outranks(role, role)).toBe(false)
    expect(outranks('OWNER', 'ADMIN')).toBe(true)
    expect(outranks('ADMIN', 'MEMBER')).toBe(true)
    expect(outranks('MEMBER', 'OWNER')).toBe(false)
  })
})

describe('changing a password', () => {
  it.each(roles)('%s may change their own', role => {
    expect(mayChangePasswordOf(someone(role), someone(role))).toBe(true)
  })

  it.each([
    ['OWNER', 'OWNER', true],
    ['OWNER', 'ADMIN', true],
    ['OWNER', 'MEMBER', true],
    ['ADMIN', 'OWNER', false],
    ['ADMIN', 'ADMIN', true],
    ['ADMIN', 'MEMBER', true],
    ['MEMBER', 'OWNER', false],
    ['MEMBER', 'ADMIN', false],
    ['MEMBER', 'MEMBER', false],
  ] as const)('%s changing that of another %s: %s', (actor, user, allowed) => {
    expect(mayChangePasswordOf(someone(actor), someone(user, 'other'))).toBe(allowed)
    expect(mayUpdateUser(someone(actor), someone(user, 'other'))).toBe(allowed)
  })
})

describe('profiles', () => {
  it('a member reads and edits their own, and no other', () => {
    expect(mayReadUser(someone('MEMBER'), someone('MEMBER'))).toBe(true)
    expect(mayReadUser(someone('MEMBER'), someone('MEMBER', 'other'))).toBe(false)
    expect(mayUpdateUser(someone('MEMBER'), someone('MEMBER'))).toBe(true)
  })

  it('a member may not change the login they sign in with', () => {
    expect(mayChangeLoginOf(someone('MEMBER'), someone('MEMBER'))).toBe(false)
    expect(mayChangeLoginOf(someone('ADMIN'), someone('MEMBER'))).toBe(true)
    expect(mayChangeLoginOf(someone('ADMIN'), someone('OWNER'))).toBe(false)
  })
})
