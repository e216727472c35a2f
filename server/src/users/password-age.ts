import type { PasswordAge } from '../settings/password-age.js'
import type { UserEntity } from './user.entity.js'

const dayMs = 24 * 60 * 60 * 1000

/** How many days before a deadline users are reminded, the earliest reminder first. */
export const reminderDays = [14, 3, 0] as const

/** When a password should be changed because of its age. */
export interface PasswordDeadline {
  readonly at: Date
  /** From when the user is reminded of it. */
  readonly remindFrom: Date
  /** Whether the user can do nothing else from then on. Otherwise it is only a reminder. */
  readonly required: boolean
}

type DatedPassword = Pick<UserEntity, 'passwordChangedAt'>

const deadlineOf = (changedAt: Date, days: number, required: boolean): PasswordDeadline => {
  const at = changedAt.getTime() + days * dayMs
  // A password is never reminded of on the day on which it was chosen.
  const firstReminder = Math.max(at - reminderDays[0] * dayMs, changedAt.getTime() + dayMs)
  return { at: new Date(at), remindFrom: new Date(firstReminder), required }
}

/**
 * The next deadline of a user's password; null if there is none. If both kinds are set, the
 * recommended one, until the user is reminded of the required one.
 */
export const passwordDeadlineOf = (
  { passwordChangedAt }: DatedPassword,
  { remindAfterDays, requireChangeAfterDays }: PasswordAge,
): PasswordDeadline | null => {
  if (passwordChangedAt === null) return null
  const recommended =
    remindAfterDays === null ? null : deadlineOf(passwordChangedAt, remindAfterDays, false)
  const required =
    requireChangeAfterDays === null
      ? null
      : deadlineOf(passwordChangedAt, requireChangeAfterDays, true)
  if (required !== null && (recommended === null || required.remindFrom <= new Date())) {
    return required
  }
  return recommended
}

/** Whether a user must change their password because it is too old. */
export const isPasswordTooOld = (
  { passwordChangedAt }: DatedPassword,
  { requireChangeAfterDays }: PasswordAge,
): boolean =>
  passwordChangedAt !== null &&
  requireChangeAfterDays !== null &&
  Date.now() >= passwordChangedAt.getTime() + requireChangeAfterDays * dayMs

/**
 * Whether a user's temporary password no longer works. Call this only after the password was
 * verified, because the answer is for a person who knows it.
 */
export const hasPasswordExpired = ({
  passwordExpiresAt,
}: Pick<UserEntity, 'passwordExpiresAt'>): boolean =>
  passwordExpiresAt !== null && passwordExpiresAt <= new Date()
