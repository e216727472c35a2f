import type { UserEntity } from './user.entity.js'

/** What tells which password someone had. */
type WithPassword = Pick<UserEntity, 'passwordChangedAt'>

/**
 * Whether someone still has the password they had before. Not by the hash: at a sign-in after its
 * cost was raised, the same password gets another one.
 */
export const isSamePassword = (one: WithPassword, other: WithPassword): boolean =>
  one.passwordChangedAt?.getTime() === other.passwordChangedAt?.getTime()

/** When a password is replaced: now, but never at the same time as the one before it. */
export const timeOfChange = ({ passwordChangedAt: before }: WithPassword): Date =>
  new Date(Math.max(Date.now(), before === null ? 0 : before.getTime() + 1))
