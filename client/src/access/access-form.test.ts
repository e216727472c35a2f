import { describe, expect, it } from '@jest/globals'
import { type Access, permissions, permissionsOf } from '@rekey/shared/access'
import {
  beyondOwn,
  differingPermissions,
  isSameAccess,
  readAccess,
  sourceOf,
  subjectOf,
  tidyAccess,
  withPermission,
} from './access-form'

const member: Access = { role: 'MEMBER', grantedPermissions: [], withdrawnPermissions: [] }
const admin: Access = { ...member, role: 'ADMIN' }

describe('where a permission comes from', () => {
  it('is the role, a grant, or neither; a withdrawal is told from what never was', () => {
    expect(sourceOf(admin, 'users.read')).toBe('ROLE')
    expect(sourceOf({ ...admin, withdrawnPermissions: ['users.read'] }, 'users.read')).toBe(
      'WITHDRAWN',
    )
    expect(sourceOf({ ...member, grantedPermissions: ['users.read'] }, 'users.read')).toBe(
      'GRANTED',
    )
    expect(sourceOf(member, 'users.read')).toBe('NONE')
  })

  it('is the role for an owner, from whom nothing can be withdrawn', () => {
    const owner: Access = { ...member, role: 'OWNER', withdrawnPermissions: ['users.read'] }
    expect(sourceOf(owner, 'users.read')).toBe('ROLE')
  })
})

describe('ticking a permission', () => {
  it('grants what the role does not give, and unticking takes the grant back', () => {
    const granted = withPermission(member, 'users.read', true)
    expect(granted.grantedPermissions).toEqual(['users.read'])
    expect(withPermission(granted, 'users.read', false)).toEqual(member)
  })

  it('withdraws what the role gives, and ticking takes the withdrawal back', () => {
    const withdrawn = withPermission(admin, 'users.delete', false)
    expect(withdrawn.withdrawnPermissions).toEqual(['users.delete'])
    expect(withPermission(withdrawn, 'users.delete', true)).toEqual(admin)
  })

  it('unticks also what is granted beside a role that gives it', () => {
    const twice: Access = { ...admin, grantedPermissions: ['users.read'] }
    expect(permissionsOf(withPermission(twice, 'users.read', false))).not.toContain('users.read')
  })
})

describe('what is saved', () => {
  it('is without grants and withdrawals that change nothing', () => {
    const idle: Access = {
      role: 'ADMIN',
      grantedPermissions: ['users.read'],
      withdrawnPermissions: ['users.delete'],
    }
    expect(tidyAccess(idle)).toEqual({ ...admin, withdrawnPermissions: ['users.delete'] })
    expect(tidyAccess({ ...idle, role: 'MEMBER' })).toEqual({
      ...member,
      grantedPermissions: ['users.read'],
    })
    expect(tidyAccess({ ...idle, role: 'OWNER' })).toEqual({ ...member, role: 'OWNER' })
  })

  it('is unchanged when only such, or the order, differ', () => {
    const one = { ...member, grantedPermissions: ['users.read', 'users.invite'] as const }
    const other = { ...member, grantedPermissions: ['users.invite', 'users.read'] as const }
    expect(isSameAccess(one, other)).toBe(true)
    expect(isSameAccess(admin, { ...admin, grantedPermissions: ['users.read'] })).toBe(true)
    expect(isSameAccess(admin, member)).toBe(false)
  })
})

describe('what someone may give', () => {
  it('ends at their own role and permissions', () => {
    const actor = { ...admin, withdrawnPermissions: ['users.delete'] as const }
    expect(beyondOwn(actor, admin)).toEqual({ role: false, permissions: ['users.delete'] })
    expect(beyondOwn(actor, { ...member, role: 'OWNER' }).role).toBe(true)
    expect(beyondOwn(actor, actor)).toEqual({ role: false, permissions: [] })
  })
})

describe('access of the API', () => {
  it('is read without permissions that are not known here', () => {
    expect(
      readAccess({
        role: 'MEMBER',
        grantedPermissions: ['users.read', 'moon.land'],
        withdrawnPermissions: [],
      }),
    ).toEqual({ ...member, grantedPermissions: ['users.read'] })
  })

  it('of the one who is signed in comes to the permissions they hold', () => {
    for (const held of [[], ['users.read', 'access.manage'], [...permissions]]) {
      const subject = subjectOf({ id: '1', role: 'ADMIN', permissions: held })
      expect(permissionsOf(subject)).toEqual(held)
    }
  })

  it('of two is compared by what it comes to', () => {
    expect(differingPermissions(member, { ...member, grantedPermissions: ['users.read'] })).toEqual(
      ['users.read'],
    )
    expect(differingPermissions(admin, { ...member, role: 'OWNER' })).toEqual([])
  })
})
