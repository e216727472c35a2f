/**
 * Who may do what to whom. Pure; the server enforces it, the SPA uses the same
 * sentences to decide what to show and to say why something is not to be had.
 */

import { type Permission, permissions } from './permissions.js'

/** Roles, highest rank first. */
export const roles = ['OWNER', 'ADMIN', 'MEMBER'] as const

/** A bundle of permissions with a rank. */
export type Role = (typeof roles)[number]

/** States of a user: invited, then active, and back and forth with blocked. */
export const userStatuses = ['INVITED', 'ACTIVE', 'BLOCKED'] as const

/** State of a user. Only an active one can sign in. */
export type UserStatus = (typeof userStatuses)[number]

/** The one table of what each role grants. */
export const permissionsByRole = {
  OWNER: permissions,
  ADMIN: permissions,
  MEMBER: [],
} as const satisfies Record<Role, readonly Permission[]>

/** A role with what is granted and withdrawn beside it. */
export interface Access {
  readonly role: Role
  /** Permissions beyond those of the role. */
  readonly grantedPermissions: readonly Permission[]
  /** Permissions of the role that are taken away. Without effect on an owner. */
  readonly withdrawnPermissions: readonly Permission[]
}

/** What the rules need to know of a person. */
export interface Subject extends Access {
  readonly id: string
}

/** What an API token leaves of the permissions of whoever acts by it. */
export interface Limit {
  /** Beyond these nothing counts; null when nothing is kept back. */
  readonly limitedTo: readonly Permission[] | null
}

/**
 * Whoever does something. The limit is asked for rather than left out: an actor who is
 * read anew without it would hold more than their token gives.
 */
export interface Actor extends Subject, Limit {}

/** Why something is refused. */
export type AccessRefusal =
  /** The permission it takes is missing. */
  | 'PERMISSION_MISSING'
  /** The other's role is higher, or they hold a permission that the actor does not. */
  | 'OUTRANKED'
  /** Nobody may do this to themselves. */
  | 'SELF'
  /** More would be given than the actor has. */
  | 'BEYOND_OWN_ACCESS'

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
 * The permissions of a person, in their usual order; of whoever acts by an API token,
 * what it leaves of them. An owner has all of them: an account in which nobody could set
 * things right would be lost.
 */
export const permissionsOf = (access: Access & Partial<Limit>): readonly Permission[] => {
  const { limitedTo = null } = access
  const held = withoutLimit(access)
  return limitedTo === null ? held : held.filter(permission => limitedTo.includes(permission))
}

/** True when the actor, or whoever had this access, holds the permission. */
export const hasPermission = (
  holder: Actor | (Access & { readonly id?: never }),
  permission: Permission,
): boolean => permissionsOf(holder).includes(permission)

/** True when the first role ranks above the second; equals do not outrank each other. */
export const outranks = (role: Role, other: Role): boolean =>
  roles.indexOf(role) < roles.indexOf(other)

/**
 * True when nothing of the access lies beyond the actor's own. Whoever could act on
 * someone who holds more could become them, by their password for one.
 */
const isWithin = (actor: Actor, access: Access): boolean =>
  !outranks(access.role, actor.role) &&
  permissionsOf(access).every(permission => hasPermission(actor, permission))

/** Why the actor may not act on someone by this permission, or null when they may. */
const refusalOn = (actor: Actor, user: Subject, permission: Permission): AccessRefusal | null => {
  if (!hasPermission(actor, permission)) return 'PERMISSION_MISSING'
  return isWithin(actor, user) ? null : 'OUTRANKED'
}

/** As {@link refusalOn}, for what nobody may do to themselves. */
const refusalOnOther = (
  actor: Actor,
  user: Subject,
  permission: Permission,
): AccessRefusal | null => (actor.id === user.id ? 'SELF' : refusalOn(actor, user, permission))

/** Everyone sees their own profile; with `users.read`, every profile. */
export const mayReadUser = (actor: Actor, user: Pick<Subject, 'id'>): boolean =>
  actor.id === user.id || hasPermission(actor, 'users.read')

/** One's own profile or, with `users.manage`, that of anyone who does not outrank one. */
export const mayUpdateUser = (actor: Actor, user: Subject): boolean =>
  actor.id === user.id || refusalOn(actor, user, 'users.manage') === null

/** The login is a credential: changing one's own takes `users.manage` as well. */
export const mayChangeLoginOf = (actor: Actor, user: Subject): boolean =>
  refusalOn(actor, user, 'users.manage') === null

/** One's own password or, with `users.manage`, that of anyone who does not outrank one. */
export const mayChangePasswordOf = (actor: Actor, user: Subject): boolean =>
  actor.id === user.id || refusalOn(actor, user, 'users.manage') === null

/** Why the actor may not add someone with this access, or null when they may: `users.invite`. */
export const refusalToInvite = (actor: Actor, access: Access): AccessRefusal | null => {
  if (!hasPermission(actor, 'users.invite')) return 'PERMISSION_MISSING'
  return isWithin(actor, access) ? null : 'BEYOND_OWN_ACCESS'
}

/** Why the actor may not resend or revoke this invitation, or null when they may: `users.invite`. */
export const refusalToManageInvitation = (actor: Actor, user: Subject): AccessRefusal | null =>
  refusalOnOther(actor, user, 'users.invite')

/** Why the actor may not block or unblock this user, or null when they may: `users.manage`. */
export const refusalToBlock = (actor: Actor, user: Subject): AccessRefusal | null =>
  refusalOnOther(actor, user, 'users.manage')

/**
 * Why the actor may not take their second factors from this user, or null when they may:
 * `users.manage`. One's own are removed one by one, with a proof of who one is.
 */
export const refusalToResetSecondFactor = (actor: Actor, user: Subject): AccessRefusal | null =>
  refusalOnOther(actor, user, 'users.manage')

/**
 * Whether the actor may give up a mail to this user: one's own or, with `settings.manage`, that to
 * anyone who does not outrank one. Without the mail, someone does not learn what was done to them.
 */
export const mayDropMailTo = (actor: Actor, user: Subject): boolean =>
  actor.id === user.id || refusalOn(actor, user, 'settings.manage') === null

/** Why the actor may not delete this user, or null when they may: `users.delete`. */
export const refusalToDelete = (actor: Actor, user: Subject): AccessRefusal | null =>
  refusalOnOther(actor, user, 'users.delete')

/**
 * Why the actor may not change the access of this user, or null when they may:
 * `access.manage`. Nobody changes their own, so nobody raises themselves.
 *
 * @param next what it is to be; left out, whether it may be changed at all.
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
