import {
  type Access,
  type AccessRefusal,
  hasPermission,
  refusalToInvite,
} from '@rekey/shared/access'
import { loginKeyOf } from '@rekey/shared/login'
import { type GivenAccess, readAccess } from '../access/access-fields.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { AccountDefaults } from '../settings/account-defaults.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'
import type { UserService } from '../users/user.service.js'
import {
  type FieldProblem,
  type GivenIntegrationFields,
  type IntegrationFields,
  integrationNames,
  readIntegrationFields,
  readUserFields,
  type UserFields,
} from '../users/user-fields.js'

/** A user to add, as the caller entered them. */
export interface GivenUser
  extends Omit<UserFields, 'language'>,
    GivenAccess,
    GivenIntegrationFields {
  /** The language tag; null means the account's default language. */
  readonly language: string | null
}

/** Why a user was not added; several reasons can apply at once. */
export type NewUserRefusal =
  | { readonly kind: 'invalid'; readonly problem: FieldProblem }
  | { readonly kind: 'loginTaken' | 'externalIdTaken' }
  | {
      readonly kind: 'accessDenied'
      readonly reason: AccessRefusal
      /** The field that goes beyond the caller's own access, or requires another permission. */
      readonly field: 'role' | 'grantedPermissions' | keyof IntegrationFields
    }

/** The verdict on one user to add. */
export interface NewUserVerdict {
  /** The user to add; null if refused. */
  readonly accepted: (UserFields & Access & Partial<IntegrationFields>) | null
  /** All reasons to refuse the user. */
  readonly refusals: readonly NewUserRefusal[]
}

/**
 * Judges each user to add: their fields, whether the login and the external id are free, and whether
 * the caller may give them this access. An external id and metadata require `users.manage`, as when
 * a profile is edited, because an integration trusts them.
 *
 * @returns a verdict for each user, in the given order.
 */
export const judgeNewUsers = async (
  unit: WritingUnitOfWork,
  caller: Caller,
  given: readonly GivenUser[],
  { settings, users }: { readonly settings: SettingsService; readonly users: UserService },
): Promise<NewUserVerdict[]> => {
  const defaults = await settings.accountDefaultsIn(unit)
  const read = given.map(one => readGiven(one, defaults))
  const loginKeys = read.flatMap(({ login }) => (login === null ? [] : loginKeyOf(login)))
  const holders = await users.findByLoginKeysIn(unit, loginKeys)
  const taken = new Set(holders.map(user => user.loginKey))
  const mayStore = hasPermission(caller, 'users.manage')
  const ids = mayStore ? read.flatMap(({ integration }) => integration.externalId ?? []) : []
  const takenIds = new Set(
    (await users.findByExternalIdsIn(unit, ids)).map(({ externalId }) => externalId),
  )
  return read.map(({ login, integration, user, problems }) => {
    const refusals: NewUserRefusal[] = problems.map(problem => ({ kind: 'invalid', problem }))
    const loginKey = login === null ? null : loginKeyOf(login)
    if (loginKey !== null && taken.has(loginKey)) refusals.push({ kind: 'loginTaken' })
    // The login is then also taken for users further down in the same list.
    if (loginKey !== null) taken.add(loginKey)
    const { externalId = null } = integration
    if (mayStore && externalId !== null) {
      if (takenIds.has(externalId)) refusals.push({ kind: 'externalIdTaken' })
      takenIds.add(externalId)
    }
    for (const field of integrationNames) {
      if (mayStore || (integration[field] ?? null) === null) continue
      refusals.push({ kind: 'accessDenied', reason: 'PERMISSION_MISSING', field })
    }
    const reason = user === null ? null : refusalToInvite(caller, user)
    if (user !== null && reason !== null) {
      const { role } = user
      const bare = { role, grantedPermissions: [], withdrawnPermissions: [] }
      const field = refusalToInvite(caller, bare) === null ? 'grantedPermissions' : 'role'
      refusals.push({ kind: 'accessDenied', reason, field })
    }
    return { accepted: refusals.length === 0 ? user : null, refusals }
  })
}

/**
 * Validates and tidies a user to add. Returns a valid login, and valid fields of integrations, even
 * if other fields are invalid.
 */
const readGiven = (given: GivenUser, defaults: AccountDefaults) => {
  const { defaultLanguage, defaultRegion } = defaults
  const { login, firstName, lastName, phone, language } = given
  const profile = { login, firstName, lastName, phone, language: language ?? defaultLanguage }
  const fields = readUserFields(profile, defaultRegion)
  const access = readAccess(given)
  const stored = readIntegrationFields(given)
  const problems = [fields, access, stored].flatMap(one => ('problems' in one ? one.problems : []))
  const integration = 'fields' in stored ? stored.fields : {}
  const loginAlone = readUserFields({ login }, null)
  return {
    login: 'fields' in loginAlone ? loginAlone.fields.login : null,
    integration,
    problems,
    user:
      'fields' in fields && 'access' in access
        ? { ...fields.fields, ...access.access, ...integration }
        : null,
  }
}
