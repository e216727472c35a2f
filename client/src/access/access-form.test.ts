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

describe('the source of a permission', () => {
  it('is the role, a grant or neither, and a withdrawal differs from a permission that was never held', () => {
    expect(sourceOf(admin, 'users.read')).toBe('ROLE')
    expect(sourceOf({ ...admin, withdrawnPermissions: ['users.read'] }, 'users.read')).toBe(
      'WITHDRAWN',
    )
    expect(sourceOf({ ...member, grantedPermissions: ['users.read'] }, 'users.read')).toBe(
      'GRANTED',
    )
    expect(sourceOf(member, 'users.read')).toBe('NONE')
  })

  it('is always the role for an owner, from whom nothing can be withdrawn', () => {
    const owner: Access = { ...member, role: 'OWNER', withdrawnPermissions: ['users.read'] }
    expect(sourceOf(owner, 'users.read')).toBe('ROLE')
  })
})

describe('ticking a permission', () => {
  it('grants a permission outside the role, and unticking removes the grant', () => {
    const granted = withPermission(member, 'users.read', true)
    expect(granted.grantedPermissions).toEqual(['users.read'])
    expect(withPermission(granted, 'users.read', false)).toEqual(member)
  })

  it('withdraws a permission of the role when unticked, and removes the withdrawal when ticked', () => {
    const withdrawn = withPermission(admin, 'users.delete', false)
    expect(withdrawn.withdrawnPermissions).toEqual(['users.delete'])
    expect(withPermission(withdrawn, 'users.delete', true)).toEqual(admin)
  })

  it('unticks a permission that both the role and a grant give', () => {
    const twice: Access = { ...admin, grantedPermissions: ['users.read'] }
    expect(permissionsOf(withPermission(twice, 'users.read', false))).not.toContain('users.read')
  })
})

describe('the saved access', () => {
  it('contains no grants and withdrawals without effect', () => {
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

  it('is equal if only the order, or entries without effect, differ', () => {
    const one = { ...member, grantedPermissions: ['users.read', 'users.invite'] as const }
    const other = { ...member, grantedPermissions: ['users.invite', 'users.read'] as const }
    expect(isSameAccess(one, other)).toBe(true)
    expect(isSameAccess(admin, { ...admin, grantedPermissions: ['users.read'] })).toBe(true)
    expect(isSameAccess(admin, member)).toBe(false)
  })
})

describe('the access that a user may give', () => {
  it('is limited to their own role and permissions', () => {
    const actor = { ...admin, withdrawnPermissions: ['users.delete'] as const }
    expect(beyondOwn(actor, admin)).toEqual({ role: false, permissions: ['users.delete'] })
    expect(beyondOwn(actor, { ...member, role: 'OWNER' }).role).toBe(true)
    expect(beyondOwn(actor, actor)).toEqual({ role: false, permissions: [] })
  })
})

describe('access of the API', () => {
  it('is read without permissions that the client does not know', () => {
    expect(
      readAccess({
        role: 'MEMBER',
        grantedPermissions: ['users.read', 'moon.land'],
        withdrawnPermissions: [],
      }),
    ).toEqual({ ...member, grantedPermissions: ['users.read'] })
  })

  it('leads to the permissions that the signed-in user holds', () => {
    for (const held of [[], ['users.read', 'access.manage'], [...permissions]]) {
      const subject = subjectOf({ id: '1', role: 'ADMIN', permissions: held })
      expect(permissionsOf(subject)).toEqual(held)
    }
  })

  it('compares two users by the resulting permissions', () => {
    expect(differingPermissions(member, { ...member, grantedPermissions: ['users.read'] })).toEqual(
      ['users.read'],
    )
    expect(differingPermissions(admin, { ...member, role: 'OWNER' })).toEqual([])
  })
})
