import type { AccessGuard } from '../access/access-guard.service.js'
import type { RequestOrigin } from '../http/request-origin.js'
import { type Text, text } from '../messages/language.js'
import type { OperationService } from '../operations/operation.service.js'
import { changesBetween } from '../operations/operation-change.js'
import { type PasswordAge, passwordAgeBounds, passwordAgeNames } from '../settings/password-age.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'

import type { PasswordReminderService } from './password-reminder.service.js'

/** A value that a setting cannot have. */
export interface PasswordAgeProblem {
  readonly field: keyof PasswordAge
  readonly message: Text
}

/** The result of a change. */
export type PasswordAgeResult =
  | { readonly kind: 'updated'; readonly age: PasswordAge }
  | { readonly kind: 'invalid'; readonly problems: readonly PasswordAgeProblem[] }

const action = 'UPDATE_PASSWORD_AGE'

const problemsOf = (age: PasswordAge): PasswordAgeProblem[] => {
  const outside = passwordAgeNames.filter(name => {
    const { least, greatest } = passwordAgeBounds[name]
    const value = age[name]
    return value !== null && (value < least || value > greatest)
  })
  if (outside.length > 0) {
    return outside.map(field => ({
      field,
      message: text('password-policy.bound.range', passwordAgeBounds[field]),
    }))
  }
  const { remindAfterDays, requireChangeAfterDays } = age
  if (remindAfterDays === null || requireChangeAfterDays === null) return []
  return remindAfterDays < requireChangeAfterDays
    ? []
    : [{ field: 'remindAfterDays', message: text('password-age.error.remindTooLate') }]
}

/** Changes how old passwords may become. */
export class UpdatePasswordAgeService {
  constructor(
    private readonly settings: SettingsService,
    private readonly operations: OperationService,
    private readonly guard: AccessGuard,
    private readonly reminders: PasswordReminderService,
  ) {}

  /**
   * Changes the given settings, all of them or none.
   *
   * @throws as {@link AccessGuard.write}.
   */
  async updatePasswordAge(
    actor: Caller,
    given: Partial<PasswordAge>,
    origin: RequestOrigin,
  ): Promise<PasswordAgeResult> {
    const call = { permission: 'settings.manage', action, actor, origin } as const
    return this.guard.write(call, async (unit, caller): Promise<PasswordAgeResult> => {
      const current = await this.settings.passwordAgeIn(unit)
      const next = { ...current, ...given }
      const problems = problemsOf(next)
      if (problems.length > 0) return { kind: 'invalid', problems }
      await this.settings.savePasswordAge(unit, next)
      unit.afterCommit(() => this.reminders.wake())
      await this.operations.record(unit, origin, {
        action,
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: null,
        changes: changesBetween(current, next, passwordAgeNames),
      })
      return { kind: 'updated', age: next }
    })
  }
}
