/**
 * The rules for who may do what to whom, as pure functions. The server enforces them. The SPA uses
 * the same rules to decide what to show, and to explain why an action is unavailable.
 */

import { type Permission, permissions } from './permissions.js'

/** Roles, highest rank first. */
export const roles = ['OWNER', 'ADMIN', 'MEMBER'] as const

/** A bundle of permissions with a rank. */
export type Role = (typeof roles)[number]

/** The statuses of a user: invited, then active; an active user can be blocked and unblocked. */
export const userStatuses = ['INVITED', 'ACTIVE', 'BLOCKED'] as const

/** The status of a user. Only an active user can sign in. */
export type UserStatus = (typeof userStatuses)[number]

/** The permissions that each role grants. */
export const permissionsByRole = {
  OWNER: permissions,
  ADMIN: permissions,
  MEMBER: [],
} as const satisfies Record<Role, readonly Permission[]>

/** A role, with the permissions granted and withdrawn individually. */
export interface Access {
  readonly role: Role
  /** Permissions in addition to those of the role. */
  readonly grantedPermissions: readonly Permission[]
  /** Permissions of the role that were withdrawn. No effect for an owner. */
  readonly withdrawnPermissions: readonly Permission[]
}

/** The data of a user that the rules need. */
export interface Subject extends Access {
  readonly id: string
}

/** The limit that an API token sets on the permissions of its owner. */
export interface Limit {
  /** The only permissions that count; null if there is no limit. */
  readonly limitedTo: readonly Permission[] | null
}

/**
 * The user who acts. The limit is required: an actor who was read again without it would have more
 * permissions than their token.
 */
export interface Actor extends Subject, Limit {}

/** Why an action is not allowed. */
export type AccessRefusal =
  /** The actor lacks the required permission. */
  | 'PERMISSION_MISSING'
  /** The other user has a higher role, or a permission that the actor does not have. */
  | 'OUTRANKED'
  /** Users may not do this to themselves. */
  | 'SELF'
  /** The actor would give more access than they have. */
  | 'BEYOND_OWN_ACCESS'

/** The keys of the reasons' texts in the catalogues. */
export const accessRefusalKeys = {
  PERMISSION_MISSING: 'access.refusal.PERMISSION_MISSING',
  OUTRANKED: 'access.refusal.OUTRANKED',
  SELF: 'access.refusal.SELF',
  BEYOND_OWN_ACCESS: 'access.refusal.BEYOND_OWN_ACCESS',
} as const satisfies Record<AccessRefusal, string>

const withoutLimit = (access: Access): readonly Permission[] => {
  if (access.role === 'OWNER') return permissions
  const ofRole: readonly Permission[] = permissionsByRole[access.role]
  return permissions.filter(
    permission =>
      access.grantedPermissions.includes(permission) ||
      (ofRole.includes(permission) && !access.withdrawnPermissions.includes(permission)),
  )
}

/**
 * The permissions of a user, in the usual order, reduced by the limit of their API token. An owner
 * always has all permissions, because someone must be able to correct the access of all users.
 */
export const permissionsOf = (access: Access & Partial<Limit>): readonly Permission[] => {
  const { limitedTo = null } = access
  const held = withoutLimit(access)
  return limitedTo === null ? held : held.filter(permission => limitedTo.includes(permission))
}

/** Whether the holder has the permission. */
export const hasPermission = (
  holder: Actor | (Access & { readonly id?: never }),
  permission: Permission,
): boolean => permissionsOf(holder).includes(permission)

/** Whether the first role ranks above the second. Equal roles do not outrank each other. */
export const outranks = (role: Role, other: Role): boolean =>
  roles.indexOf(role) < roles.indexOf(other)

/**
 * Whether the access does not exceed the actor's own. If an actor could act on a user with more
 * access, they could take over that user's account, for example by changing the password.
 */
const isWithin = (actor: Actor, access: Access): boolean =>
  !outranks(access.role, actor.role) &&
  permissionsOf(access).every(permission => hasPermission(actor, permission))

/** Why the actor may not act on the user by this permission; null if they may. */
const refusalOn = (actor: Actor, user: Subject, permission: Permission): AccessRefusal | null => {
  if (!hasPermission(actor, permission)) return 'PERMISSION_MISSING'
  return isWithin(actor, user) ? null : 'OUTRANKED'
}

/** Like {@link refusalOn}, for actions that users may not do to themselves. */
const refusalOnOther = (
  actor: Actor,
  user: Subject,
  permission: Permission,
): AccessRefusal | null => (actor.id === user.id ? 'SELF' : refusalOn(actor, user, permission))

/** All users may read their own profile; with `users.read`, every profile. */
export const mayReadUser = (actor: Actor, user: Pick<Subject, 'id'>): boolean =>
  actor.id === user.id || hasPermission(actor, 'users.read')

/**
 * Users may update their own profile; with `users.manage`, that of any user who does not outrank
 * them.
 */
export const mayUpdateUser = (actor: Actor, user: Subject): boolean =>
  actor.id === user.id || refusalOn(actor, user, 'users.manage') === null

/** The login is a credential: users need `users.manage` even to change their own. */
export const mayChangeLoginOf = (actor: Actor, user: Subject): boolean =>
  refusalOn(actor, user, 'users.manage') === null

/**
 * Why the actor may not change the password of this user; null if they may. Users may change their
 * own; with `users.manage`, that of any user who does not outrank them.
 */
export const refusalToChangePassword = (actor: Actor, user: Subject): AccessRefusal | null =>
  actor.id === user.id ? null : refusalOn(actor, user, 'users.manage')

/** Whether the actor may change the password of this user: see {@link refusalToChangePassword}. */
export const mayChangePasswordOf = (actor: Actor, user: Subject): boolean =>
  refusalToChangePassword(actor, user) === null

/**
 * Why the actor may not manage how this user signs in: send or create a reset link, require a new
 * password, or end the sessions; null if they may. Like {@link refusalToChangePassword}, but users
 * cannot do it to themselves, because they have a simpler way to do the same.
 */
export const refusalToManageSignIn = (actor: Actor, user: Subject): AccessRefusal | null =>
  refusalOnOther(actor, user, 'users.manage')

/** Why the actor may not add a user with this access; null if they may. Requires `users.invite`. */
export const refusalToInvite = (actor: Actor, access: Access): AccessRefusal | null => {
  if (!hasPermission(actor, 'users.invite')) return 'PERMISSION_MISSING'
  return isWithin(actor, access) ? null : 'BEYOND_OWN_ACCESS'
}

/**
 * Why the actor may not resend or revoke this invitation; null if they may. Requires
 * `users.invite`.
 */
export const refusalToManageInvitation = (actor: Actor, user: Subject): AccessRefusal | null =>
  refusalOnOther(actor, user, 'users.invite')

/** Why the actor may not block or unblock this user; null if they may. Requires `users.manage`. */
export const refusalToBlock = (actor: Actor, user: Subject): AccessRefusal | null =>
  refusalOnOther(actor, user, 'users.manage')

/**
 * Why the actor may not remove all second factors of this user; null if they may. Requires
 * `users.manage`. Users remove their own one by one, with a proof of identity.
 */
export const refusalToResetSecondFactor = (actor: Actor, user: Subject): AccessRefusal | null =>
  refusalOnOther(actor, user, 'users.manage')

/**
 * Whether the actor may discard a mail to this user: their own, or with `settings.manage` that of
 * any user who does not outrank them. Without the mail, the user does not learn about an action on
 * their account.
 */
export const mayDropMailTo = (actor: Actor, user: Subject): boolean =>
  actor.id === user.id || refusalOn(actor, user, 'settings.manage') === null

/** Why the actor may not delete this user; null if they may. Requires `users.delete`. */
export const refusalToDelete = (actor: Actor, user: Subject): AccessRefusal | null =>
  refusalOnOther(actor, user, 'users.delete')

/**
 * Why the actor may not change the access of this user; null if they may. Requires `access.manage`.
 * Users cannot change their own access, so they cannot raise it.
 *
 * @param next the new access. Without it, the function only checks whether the access may be
 * changed at all.
 */
export const refusalToChangeAccess = (
  actor: Actor,
  user: Subject,
  next?: Access,
): AccessRefusal | null => {
  const refusal = refusalOnOther(actor, user, 'access.manage')
  if (refusal !== null || next === undefined) return refusal
  return isWithin(actor, next) ? null : 'BEYOND_OWN_ACCESS'
}
