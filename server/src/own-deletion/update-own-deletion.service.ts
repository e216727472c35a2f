import type { AccessGuard } from '../access/access-guard.service.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import type { OwnDeletion } from '../settings/own-deletion.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'

const action = 'UPDATE_OWN_DELETION'

/** Changes whether users may delete their own accounts. */
export class UpdateOwnDeletionService {
  constructor(
    private readonly settings: SettingsService,
    private readonly operations: OperationService,
    private readonly guard: AccessGuard,
  ) {}

  /**
   * Saves the setting.
   *
   * @throws as {@link AccessGuard.write}.
   */
  updateOwnDeletion(actor: Caller, next: OwnDeletion, origin: RequestOrigin): Promise<OwnDeletion> {
    const call = { permission: 'settings.manage', action, actor, origin } as const
    return this.guard.write(call, async (unit, caller) => {
      const current = await this.settings.ownDeletionIn(unit)
      await this.settings.saveOwnDeletion(unit, next)
      await this.operations.record(unit, origin, {
        action,
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: null,
        changes:
          current.allowed === next.allowed
            ? []
            : [changeOf('ownDeletion', current.allowed, next.allowed)],
      })
      return next
    })
  }
}
