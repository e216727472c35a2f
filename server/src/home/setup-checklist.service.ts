import { hasPermission } from '@rekey/shared/access'
import type { AccessGuard } from '../access/access-guard.service.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import { changesBetween } from '../operations/operation-change.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import { type SetupStepName, setupSteps } from '../settings/setup-checklist.js'
import type { Caller } from '../users/caller.js'
import type { UserService } from '../users/user.service.js'

/** A step of the set-up checklist. */
export interface SetupStepState {
  readonly step: SetupStepName
  readonly done: boolean
  readonly skipped: boolean
}

const action = 'UPDATE_SETUP_CHECKLIST'

/** What a new account still needs, for its administrators. */
export class SetupChecklistService {
  constructor(
    private readonly database: Database,
    private readonly config: Pick<Config, 'mail'>,
    private readonly settings: SettingsService,
    private readonly users: UserService,
    private readonly secondFactors: SecondFactorService,
    private readonly guard: AccessGuard,
    private readonly operations: OperationService,
  ) {}

  /**
   * The steps of the checklist; null if each one is done or skipped, without `settings.manage`, and
   * for an API token, because the checklist shows whether the caller has a second factor.
   */
  async read(caller: Caller): Promise<SetupStepState[] | null> {
    if (caller.session === null || !hasPermission(caller, 'settings.manage')) return null
    return this.database.read(async unit => {
      const skipped = await this.settings.skippedSetupStepsIn(unit)
      // Most accounts have finished it, and every visit of Home asks.
      if (setupSteps.every(step => skipped.includes(step))) return null
      const users = await this.users.countByStatusIn(unit)
      const done: Record<SetupStepName, boolean> = {
        MAIL: this.config.mail.smtpUrl !== null,
        SECOND_FACTOR: (await this.secondFactors.listIn(unit, caller.id)).length > 0,
        INVITATION: users.INVITED + users.ACTIVE + users.BLOCKED > 1,
        ALLOWED_ADDRESSES: (await this.settings.readIn(unit)).ipAuthorization,
        BACKUP: await this.settings.hasBackupIn(unit),
      }
      const steps = setupSteps.map(step => ({
        step,
        done: done[step],
        skipped: skipped.includes(step),
      }))
      return steps.every(step => step.done || step.skipped) ? null : steps
    })
  }

  /**
   * Saves which steps are skipped, for all administrators.
   *
   * @throws as {@link AccessGuard.write}.
   */
  async update(
    actor: Caller,
    skippedSteps: readonly SetupStepName[],
    origin: RequestOrigin,
  ): Promise<SetupStepState[] | null> {
    const call = { permission: 'settings.manage', action, actor, origin } as const
    const next = setupSteps.filter(step => skippedSteps.includes(step))
    await this.guard.write(call, async (unit, caller) => {
      const current = await this.settings.skippedSetupStepsIn(unit)
      await this.settings.saveSkippedSetupSteps(unit, next)
      await this.operations.record(unit, origin, {
        action,
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: null,
        changes: changesBetween({ skippedSteps: current }, { skippedSteps: next }, [
          'skippedSteps',
        ]),
      })
    })
    return this.read(actor)
  }
}
