import { loginKeyOf } from '@rekey/shared/login'
import type { UserEntity } from './user.entity.js'

/** How many days after a change of the login the new login is in doubt. */
export const doubtDays = 30

/** Why a login may not be the mailbox of its user. */
export type LoginDoubt =
  /** Someone changed it recently: perhaps an attacker, who may have verified it, too. */
  | 'LOGIN_CHANGED'
  /** Nobody has proved that its mail reaches the user. */
  | 'LOGIN_NOT_VERIFIED'

type ChangedLogin = Pick<UserEntity, 'loginChangedAt' | 'formerLogin'>

const isRecent = ({ loginChangedAt }: Pick<UserEntity, 'loginChangedAt'>): boolean =>
  loginChangedAt !== null && Date.now() - loginChangedAt.getTime() < doubtDays * 24 * 60 * 60 * 1000

/**
 * Why a link that gives access to an account that someone else may be using must not be sent to its
 * login; null if it may.
 */
export const loginDoubtOf = (
  user: Pick<UserEntity, 'loginChangedAt' | 'loginVerifiedAt'>,
): LoginDoubt | null => {
  if (isRecent(user)) return 'LOGIN_CHANGED'
  return user.loginVerifiedAt === null ? 'LOGIN_NOT_VERIFIED' : null
}

/** The former login of a user if the login was changed recently; otherwise null. */
export const recentFormerLoginOf = (user: ChangedLogin): string | null =>
  isRecent(user) ? user.formerLogin : null

/**
 * The former login of a user who gets a new login. After repeated changes the first one remains, so
 * that an attacker cannot replace it by changing the login twice.
 */
export const formerLoginAfter = (
  user: ChangedLogin & Pick<UserEntity, 'login'>,
  newLogin: string,
): string | null => {
  const former = recentFormerLoginOf(user) ?? user.login
  return loginKeyOf(former) === loginKeyOf(newLogin) ? null : former
}
