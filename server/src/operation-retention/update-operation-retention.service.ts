import type { AccessGuard } from '../access/access-guard.service.js'
import type { RequestOrigin } from '../http/request-origin.js'
import { type Text, text } from '../messages/language.js'
import type { OperationService } from '../operations/operation.service.js'
import { changesBetween } from '../operations/operation-change.js'
import { keepDaysBounds, type OperationRetention } from '../settings/operation-retention.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'
import type { OperationRetentionService } from './operation-retention.service.js'

/** The result of a change; invalid if the days are outside of the bounds. */
export type OperationRetentionResult =
  | { readonly kind: 'updated'; readonly retention: OperationRetention }
  | { readonly kind: 'invalid'; readonly message: Text }

const action = 'UPDATE_OPERATION_RETENTION'

/** Changes how long operations are kept. */
export class UpdateOperationRetentionService {
  constructor(
    private readonly settings: SettingsService,
    private readonly operations: OperationService,
    private readonly guard: AccessGuard,
    private readonly retention: OperationRetentionService,
  ) {}

  /**
   * Changes how long operations are kept. Older ones are deleted at once.
   *
   * @param keepDays the number of days, or null to keep all operations.
   * @throws as {@link AccessGuard.write}.
   */
  async updateOperationRetention(
    actor: Caller,
    keepDays: number | null,
    origin: RequestOrigin,
  ): Promise<OperationRetentionResult> {
    const call = { permission: 'settings.manage', action, actor, origin } as const
    return this.guard.write(call, async (unit, caller): Promise<OperationRetentionResult> => {
      const { least, greatest } = keepDaysBounds
      if (keepDays !== null && (keepDays < least || keepDays > greatest)) {
        return { kind: 'invalid', message: text('password-policy.bound.range', keepDaysBounds) }
      }
      const current = await this.settings.operationRetentionIn(unit)
      const next = { keepDays }
      await this.settings.saveOperationRetention(unit, next)
      unit.afterCommit(() => this.retention.wake())
      await this.operations.record(unit, origin, {
        action,
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: null,
        changes: changesBetween(current, next, ['keepDays']),
      })
      return { kind: 'updated', retention: next }
    })
  }
}
