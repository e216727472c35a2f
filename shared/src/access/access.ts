/**
 * Who may do what to whom. Pure; the server enforces it, the SPA uses the same
 * sentences to decide what to show.
 */

/** Roles, highest rank first. */
export const roles = ['OWNER', 'ADMIN', 'MEMBER'] as const

/** A bundle of permissions with a rank. */
export type Role = (typeof roles)[number]

/** Permissions: a verb on a thing. */
export const permissions = [
  'users.read',
  'users.manage',
  'settings.manage',
  'operations.read',
] as const

/** What someone may do. */
export type Permission = (typeof permissions)[number]

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

/** What the rules need to know of a person. */
export interface Subject {
  readonly id: string
  readonly role: Role
}

/** The permissions of a person. */
export const permissionsOf = (subject: Pick<Subject, 'role'>): readonly Permission[] =>
  permissionsByRole[subject.role]

/** True when the person holds the permission. */
export const hasPermission = (subject: Pick<Subject, 'role'>, permission: Permission): boolean =>
  permissionsOf(subject).includes(permission)

/** True when the first role ranks above the second; equals do not outrank each other. */
export const outranks = (role: Role, other: Role): boolean =>
  roles.indexOf(role) < roles.indexOf(other)

/** Everyone sees their own profile; with `users.read`, every profile. */
export const mayReadUser = (actor: Subject, user: Pick<Subject, 'id'>): boolean =>
  actor.id === user.id || hasPermission(actor, 'users.read')

/** With `users.manage`, anyone whose role does not outrank one's own. */
const mayManage = (actor: Subject, user: Subject): boolean =>
  hasPermission(actor, 'users.manage') && !outranks(user.role, actor.role)

/** One's own profile, or that of anyone one may manage. */
export const mayUpdateUser = (actor: Subject, user: Subject): boolean =>
  actor.id === user.id || mayManage(actor, user)

/** The login is a credential: changing one's own takes `users.manage` as well. */
export const mayChangeLoginOf = (actor: Subject, user: Subject): boolean => mayManage(actor, user)

/** One's own password, or that of anyone one may manage. */
export const mayChangePasswordOf = (actor: Subject, user: Subject): boolean =>
  actor.id === user.id || mayManage(actor, user)
