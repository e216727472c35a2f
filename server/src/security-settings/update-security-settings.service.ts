import { hasPermission } from '@rekey/shared/access'
import type { AccessGuard } from '../access/access-guard.service.js'
import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import { type Text, text } from '../messages/language.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf, changesBetween } from '../operations/operation-change.js'
import {
  apiTokenDays,
  defaultSecuritySettings,
  type SecuritySettings,
  secondFactorMethods,
} from '../settings/security-settings.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'

/** Settings to change. Fields that are left out stay as they are. */
export type SecuritySettingsChange = {
  readonly [Name in Exclude<keyof SecuritySettings, 'secondFactorMethods'>]?: SecuritySettings[Name]
} & {
  /** The methods as given. They may contain RECOVERY_CODE, which cannot be chosen. */
  readonly secondFactorMethods?: readonly string[]
}

/** The result of a change. */
export type SecuritySettingsResult =
  | { readonly kind: 'updated'; readonly settings: SecuritySettings }
  | {
      readonly kind: 'invalid'
      readonly field: 'secondFactorMethods' | 'secondFactorRequiredFrom' | 'apiTokenMaxDays'
      readonly message: Text
    }
  | { readonly kind: 'addressNotCovered' }
  | {
      readonly kind: 'phoneNumbersMissing'
      readonly count: number
      /** The first of these users by name. */
      readonly users: readonly UserEntity[]
    }

const maxNamed = 20
const dayMs = 24 * 60 * 60 * 1000
/** A day chosen as today has begun already, and everywhere on earth within the last day. */
const maxDaysAgo = 1
/** Users forget a date that is further away. */
const maxDaysAhead = 366
const action = 'UPDATE_SECURITY_SETTINGS'
const settingNames = Object.keys(defaultSecuritySettings) as (keyof SecuritySettings)[]

const requiresSms = ({ secondFactor, secondFactorMethods: methods }: SecuritySettings) =>
  secondFactor === 'REQUIRED' && methods.length === 1 && methods[0] === 'SMS'

/** Why a second factor cannot be required from this date on, or null if it can. */
const dateProblemOf = (
  policy: SecuritySettings['secondFactor'],
  from: string | null | undefined,
): Text | null => {
  if (from == null) return null
  if (policy !== 'REQUIRED') return text('security-settings.error.requiredFromNotRequired')
  const daysAhead = (Date.parse(from) - Date.now()) / dayMs
  return daysAhead < -maxDaysAgo || daysAhead > maxDaysAhead
    ? text('security-settings.error.requiredFromRange', { days: maxDaysAhead })
    : null
}

/** Whether API tokens may live this long at most. */
const isAllowedMaximum = (days: number | null | undefined): boolean =>
  days == null || (days >= apiTokenDays.least && days <= apiTokenDays.greatest)

/** Changes the security settings of the whole account. */
export class UpdateSecuritySettingsService {
  constructor(
    private readonly settings: SettingsService,
    private readonly ipAuthorization: IpAuthorizationService,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly guard: AccessGuard,
    private readonly apiTokens: ApiTokenService,
    /** Whether codes can be sent by SMS. */
    readonly smsAvailable: boolean,
  ) {}

  /**
   * Changes the given settings, all of them or none.
   *
   * @throws as {@link AccessGuard.write}.
   */
  async update(
    actor: Caller,
    change: SecuritySettingsChange,
    origin: RequestOrigin,
  ): Promise<SecuritySettingsResult> {
    const { secondFactorMethods: given, ...rest } = change
    const methods = secondFactorMethods.filter(method => given?.includes(method))
    // With many users this query is slow, so it runs before the transaction that blocks others.
    const concernsFactors = given !== undefined || rest.secondFactor !== undefined
    const lacking =
      concernsFactors && hasPermission(actor, 'settings.manage')
        ? await this.users.withoutPhone(maxNamed)
        : { count: 0, users: [] }
    const call = { permission: 'settings.manage', action, actor, origin } as const
    return this.guard.write(call, async (unit, caller): Promise<SecuritySettingsResult> => {
      const problem = given === undefined ? null : this.problemOf(given, methods)
      if (problem !== null) {
        return { kind: 'invalid', field: 'secondFactorMethods', message: problem }
      }
      const current = await this.settings.readIn(unit)
      const merged: SecuritySettings = {
        ...current,
        ...rest,
        ...(given === undefined ? {} : { secondFactorMethods: methods }),
      }
      const dateProblem = dateProblemOf(merged.secondFactor, rest.secondFactorRequiredFrom)
      if (dateProblem !== null) {
        return { kind: 'invalid', field: 'secondFactorRequiredFrom', message: dateProblem }
      }
      if (!isAllowedMaximum(rest.apiTokenMaxDays)) {
        const message = text('password-policy.bound.range', apiTokenDays)
        return { kind: 'invalid', field: 'apiTokenMaxDays', message }
      }
      const next: SecuritySettings = {
        ...merged,
        secondFactorRequiredFrom:
          merged.secondFactor === 'REQUIRED' ? merged.secondFactorRequiredFrom : null,
      }
      const refuse = (reason: string) =>
        this.operations.record(unit, origin, {
          action,
          outcome: 'REFUSED',
          reason,
          actorId: caller.id,
          subjectId: null,
        })
      if (requiresSms(next) && !requiresSms(current) && lacking.count > 0) {
        await refuse('PHONE_NUMBERS_MISSING')
        return { kind: 'phoneNumbersMissing', ...lacking }
      }
      const isSwitchedOn = next.ipAuthorization && !current.ipAuthorization
      if (isSwitchedOn && !(await this.ipAuthorization.coversIn(unit, origin.ip))) {
        await refuse('ADDRESS_NOT_COVERED')
        return { kind: 'addressNotCovered' }
      }
      await this.settings.replace(unit, next)
      const { apiTokenMaxDays } = next
      const shortened =
        apiTokenMaxDays === null || apiTokenMaxDays === current.apiTokenMaxDays
          ? 0
          : await this.apiTokens.shortenLives(unit, apiTokenMaxDays)
      await this.operations.record(unit, origin, {
        action,
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: null,
        changes: [
          ...changesBetween(current, next, settingNames),
          ...(shortened > 0 ? [changeOf('apiTokensShortened', null, shortened)] : []),
        ],
      })
      return { kind: 'updated', settings: next }
    })
  }

  private problemOf(given: readonly string[], methods: readonly string[]): Text | null {
    if (given.includes('RECOVERY_CODE')) return text('security-settings.error.recoveryCodes')
    if (methods.length === 0) return text('settings.methods.missing')
    if (methods.includes('SMS') && !this.smsAvailable) {
      return text('security-settings.error.noSmsGateway')
    }
    return null
  }
}
