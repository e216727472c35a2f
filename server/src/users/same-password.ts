import type { UserEntity } from './user.entity.js'

/** The part of a user that identifies their password. */
type WithPassword = Pick<UserEntity, 'passwordChangedAt'>

/**
 * Whether a user still has the password they had before. Compares times, not hashes: after the cost
 * of hashing was raised, a sign-in gives the same password a new hash.
 */
export const isSamePassword = (one: WithPassword, other: WithPassword): boolean =>
  one.passwordChangedAt?.getTime() === other.passwordChangedAt?.getTime()

/** The time of a password change: now, but always later than the change before. */
export const timeOfChange = ({ passwordChangedAt: before }: WithPassword): Date =>
  new Date(Math.max(Date.now(), before === null ? 0 : before.getTime() + 1))
