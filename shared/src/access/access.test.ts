import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  type Access,
  type Actor,
  hasPermission,
  type Limit,
  mayChangeLoginOf,
  mayChangePasswordOf,
  mayReadUser,
  mayUpdateUser,
  outranks,
  type Permission,
  permissionGroups,
  permissions,
  permissionsOf,
  type Role,
  refusalToBlock,
  refusalToChangeAccess,
  refusalToDelete,
  refusalToInvite,
  refusalToManageInvitation,
  refusalToManageSignIn,
  refusalToResetSecondFactor,
  roles,
} from './index.js'

const access = (
  role: Role,
  grantedPermissions: Permission[] = [],
  withdrawnPermissions: Permission[] = [],
): Access & Limit => ({ role, grantedPermissions, withdrawnPermissions, limitedTo: null })

const someone = (role: Role, id = `${role}-1`, ...rest: [Permission[]?, Permission[]?]): Actor => ({
  id,
  ...access(role, ...rest),
})

const anyAccess = fc.record({
  role: fc.constantFrom(...roles),
  grantedPermissions: fc.subarray([...permissions]),
  withdrawnPermissions: fc.subarray([...permissions]),
})

const anyActorAccess = fc
  .tuple(anyAccess, fc.option(fc.subarray([...permissions])))
  .map(([actorAccess, limitedTo]) => ({ ...actorAccess, limitedTo }))

describe('permissions', () => {
  it('grants all permissions to owners and admins by their role, and none to members', () => {
    expect(permissionsOf(access('OWNER'))).toEqual(permissions)
    expect(permissionsOf(access('ADMIN'))).toEqual(permissions)
    expect(permissionsOf(access('MEMBER'))).toEqual([])
  })

  it('grants permissions to single users and withdraws them', () => {
    expect(permissionsOf(access('MEMBER', ['operations.read']))).toEqual(['operations.read'])
    expect(hasPermission(access('ADMIN', [], ['users.delete']), 'users.delete')).toBe(false)
  })

  it('never withdraws permissions from an owner', () => {
    expect(permissionsOf(access('OWNER', [], [...permissions]))).toEqual(permissions)
  })

  it('limits permissions to those of the API token, even for an owner', () => {
    const limitedTo = ['users.read', 'users.manage'] as const
    expect(permissionsOf({ ...access('OWNER'), limitedTo })).toEqual(limitedTo)
    expect(permissionsOf({ ...access('OWNER'), limitedTo: [] })).toEqual([])
    expect(permissionsOf({ ...access('MEMBER', ['users.manage']), limitedTo })).toEqual([
      'users.manage',
    ])
    expect(hasPermission({ ...someone('ADMIN'), limitedTo }, 'users.delete')).toBe(false)
  })

  it('lists each permission in exactly one group', () => {
    const grouped = permissionGroups.flatMap(group => group.permissions)
    expect([...grouped].sort()).toEqual([...permissions].sort())
  })
})

describe('roles', () => {
  it('ranks roles strictly: no role outranks itself', () => {
    for (const role of roles) expect(outranks(role, role)).toBe(false)
    expect(outranks('OWNER', 'ADMIN')).toBe(true)
    expect(outranks('ADMIN', 'MEMBER')).toBe(true)
    expect(outranks('MEMBER', 'OWNER')).toBe(false)
  })
})

describe('changing a password', () => {
  it.each(roles)('allows a user with the role %s to change their own password', role => {
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
  ] as const)(
    'decides whether %s may change the password of another %s: %s',
    (actor, user, allowed) => {
      expect(mayChangePasswordOf(someone(actor), someone(user, 'other'))).toBe(allowed)
      expect(mayUpdateUser(someone(actor), someone(user, 'other'))).toBe(allowed)
    },
  )

  it('allows a member with users.manage to change the password of a member who has no other permissions than theirs', () => {
    const manager = someone('MEMBER', 'manager', ['users.manage', 'users.read'])
    expect(mayChangePasswordOf(manager, someone('MEMBER', 'other'))).toBe(true)
    expect(mayChangePasswordOf(manager, someone('MEMBER', 'other', ['users.read']))).toBe(true)
    expect(mayChangePasswordOf(manager, someone('MEMBER', 'other', ['users.delete']))).toBe(false)
  })
})

describe('profiles', () => {
  it('allows a member to read and edit their own profile, and no other', () => {
    expect(mayReadUser(someone('MEMBER'), someone('MEMBER'))).toBe(true)
    expect(mayReadUser(someone('MEMBER'), someone('MEMBER', 'other'))).toBe(false)
    expect(mayUpdateUser(someone('MEMBER'), someone('MEMBER'))).toBe(true)
  })

  it('does not allow a member to change the login they sign in with', () => {
    expect(mayChangeLoginOf(someone('MEMBER'), someone('MEMBER'))).toBe(false)
    expect(mayChangeLoginOf(someone('ADMIN'), someone('MEMBER'))).toBe(true)
    expect(mayChangeLoginOf(someone('ADMIN'), someone('OWNER'))).toBe(false)
  })
})

describe('blocking, deleting, invitations', () => {
  it.each([
    ['users.manage', refusalToBlock],
    ['users.manage', refusalToResetSecondFactor],
    ['users.manage', refusalToManageSignIn],
    ['users.delete', refusalToDelete],
    ['users.invite', refusalToManageInvitation],
    ['access.manage', refusalToChangeAccess],
  ] as const)(
    'requires %s, and is not allowed on users of higher rank or on the caller',
    (needed, refusal) => {
      const actor = someone('MEMBER', 'actor', [needed])
      expect(refusal(actor, someone('MEMBER', 'other'))).toBeNull()
      expect(refusal(someone('MEMBER', 'actor'), someone('MEMBER', 'other'))).toBe(
        'PERMISSION_MISSING',
      )
      expect(refusal(actor, someone('ADMIN', 'other'))).toBe('OUTRANKED')
      expect(refusal(someone('ADMIN'), someone('OWNER', 'other'))).toBe('OUTRANKED')
      expect(refusal(someone('OWNER'), someone('OWNER'))).toBe('SELF')
    },
  )
})

describe('giving access', () => {
  it('does not allow anyone to give a role above their own', () => {
    expect(refusalToInvite(someone('ADMIN'), access('OWNER'))).toBe('BEYOND_OWN_ACCESS')
    expect(refusalToInvite(someone('ADMIN'), access('ADMIN'))).toBeNull()
  })

  it('does not allow an admin without a permission to create an admin who has it', () => {
    const actor = someone('ADMIN', 'actor', [], ['users.delete'])
    const other = someone('MEMBER', 'other')
    expect(refusalToChangeAccess(actor, other, access('ADMIN'))).toBe('BEYOND_OWN_ACCESS')
    expect(refusalToChangeAccess(actor, other, access('ADMIN', [], ['users.delete']))).toBeNull()
  })

  it('never gives a user more access than the actor has', () => {
    fc.assert(
      fc.property(anyActorAccess, anyAccess, anyAccess, (actorAccess, userAccess, next) => {
        const actor = { id: 'actor', ...actorAccess }
        const user = { id: 'user', ...userAccess }
        if (refusalToChangeAccess(actor, user, next) === null) {
          for (const permission of permissionsOf(next)) {
            expect(hasPermission(actor, permission)).toBe(true)
          }
          expect(outranks(next.role, actor.role)).toBe(false)
        }
        // Users can never change their own access.
        expect(refusalToChangeAccess(actor, { ...user, id: 'actor' }, next)).toBe('SELF')
      }),
    )
  })

  it('allows actions on a user only to actors who have all of that user’s permissions', () => {
    fc.assert(
      fc.property(anyActorAccess, anyAccess, (actorAccess, userAccess) => {
        const actor = { id: 'actor', ...actorAccess }
        const user = { id: 'user', ...userAccess }
        const acts = [
          refusalToBlock,
          refusalToResetSecondFactor,
          refusalToDelete,
          refusalToChangeAccess,
          refusalToManageInvitation,
          refusalToManageSignIn,
        ]
        if (
          acts.some(refusal => refusal(actor, user) === null) ||
          mayChangePasswordOf(actor, user)
        ) {
          for (const permission of permissionsOf(user)) {
            expect(hasPermission(actor, permission)).toBe(true)
          }
        }
      }),
    )
  })
})
