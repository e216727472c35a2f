import type { AccessGuard } from '../access/access-guard.service.js'
import type { RequestOrigin } from '../http/request-origin.js'
import { text } from '../messages/language.js'
import type { OperationService } from '../operations/operation.service.js'
import { changesBetween } from '../operations/operation-change.js'
import { phoneRegions } from '../phone-numbers/phone.js'
import type { AccountDefaults } from '../settings/account-defaults.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'
import { type FieldProblem, languageModel, messageOf } from '../users/user-fields.js'

/** The result of a change. */
export type AccountSettingsResult =
  | { readonly kind: 'updated'; readonly settings: AccountDefaults }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] }

const action = 'UPDATE_ACCOUNT_SETTINGS'

/** Validates the given fields and returns them in their canonical form. */
const readChange = (
  given: Partial<AccountDefaults>,
): { change: Partial<AccountDefaults> } | { problems: FieldProblem[] } => {
  const { defaultLanguage, defaultRegion } = given
  const problems: FieldProblem[] = []
  const language = languageModel.optional().safeParse(defaultLanguage)
  if (!language.success) {
    const message = messageOf(language.error, text('errors.invalid'))
    problems.push({ field: 'defaultLanguage', message })
  }
  const region = defaultRegion?.trim().toUpperCase() || null
  if (region !== null && !phoneRegions.includes(region)) {
    problems.push({
      field: 'defaultRegion',
      message: text('account-settings.error.regionInvalid'),
    })
  }
  if (problems.length > 0) return { problems }
  return {
    change: {
      ...(language.data === undefined ? {} : { defaultLanguage: language.data }),
      ...(defaultRegion === undefined ? {} : { defaultRegion: region }),
    },
  }
}

/** Changes the account's defaults for the profiles of its users. */
export class UpdateAccountSettingsService {
  constructor(
    private readonly settings: SettingsService,
    private readonly operations: OperationService,
    private readonly guard: AccessGuard,
  ) {}

  /**
   * Changes the given fields, all of them or none.
   *
   * @throws as {@link AccessGuard.write}.
   */
  async updateAccountSettings(
    actor: Caller,
    given: Partial<AccountDefaults>,
    origin: RequestOrigin,
  ): Promise<AccountSettingsResult> {
    const call = { permission: 'settings.manage', action, actor, origin } as const
    return this.guard.write(call, async (unit, caller): Promise<AccountSettingsResult> => {
      const read = readChange(given)
      if ('problems' in read) return { kind: 'invalid', problems: read.problems }
      const current = await this.settings.accountDefaultsIn(unit)
      const next: AccountDefaults = { ...current, ...read.change }
      await this.settings.saveAccountDefaults(unit, next)
      await this.operations.record(unit, origin, {
        action,
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: null,
        changes: changesBetween(current, next, ['defaultLanguage', 'defaultRegion']),
      })
      return { kind: 'updated', settings: next }
    })
  }
}
