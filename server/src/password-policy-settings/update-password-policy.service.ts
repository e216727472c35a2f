import {
  boundOf,
  canBeSwitchedOff,
  contradictionKeys,
  contradictionOf,
  defaultBoundOf,
  type PasswordPolicy,
  type PasswordRule,
  type PasswordRuleSetting,
  passwordRules,
  ruleBounds,
  ruleWith,
  settingOf,
} from '@rekey/shared/password-policy'
import type { AccessGuard } from '../access/access-guard.service.js'
import { completeChanges } from '../config/password-policy-model.js'
import type { RequestOrigin } from '../http/request-origin.js'
import { type Text, text } from '../messages/language.js'
import type { OperationService } from '../operations/operation.service.js'
import { changesBetween } from '../operations/operation-change.js'
import type { PasswordPolicyService } from '../passwords/password-policy.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'

/** A rule to change. */
export interface RuleChange {
  readonly rule: PasswordRule
  readonly enabled: boolean
  /** The number of the rule; null if it stays as it is. */
  readonly bound: number | null
}

/** Why a rule cannot be changed so, and the path of the input field. */
export interface RuleProblem {
  readonly path: readonly string[]
  readonly message: Text
}

/** The result of a change. */
export type PasswordPolicyResult =
  | { readonly kind: 'updated'; readonly policy: PasswordPolicy }
  | { readonly kind: 'invalid'; readonly problems: readonly RuleProblem[] }
  | { readonly kind: 'locked' }

const action = 'UPDATE_PASSWORD_POLICY'

const problemOf = ({ rule, enabled, bound }: RuleChange): [field: string, Text] | null => {
  if (!enabled) {
    return canBeSwitchedOff(rule)
      ? null
      : ['enabled', text('password-policy-settings.error.alwaysOn')]
  }
  if (bound === null) return null
  const allowed = ruleBounds[rule]
  if (allowed === null) return ['bound', text('password-policy-settings.error.noNumber')]
  const { least, greatest } = allowed
  return bound < least || bound > greatest
    ? ['bound', text('password-policy.bound.range', { least, greatest })]
    : null
}

const problemsOf = (changes: readonly RuleChange[]): RuleProblem[] => {
  if (new Set(changes.map(({ rule }) => rule)).size < changes.length) {
    return [{ path: ['rules'], message: text('password-policy-settings.error.twice') }]
  }
  return changes.flatMap((change, index) => {
    const problem = problemOf(change)
    if (problem === null) return []
    const [field, message] = problem
    return [{ path: ['rules', String(index), field], message }]
  })
}

const changeRules = (current: PasswordPolicy, changes: readonly RuleChange[]): PasswordPolicy =>
  passwordRules.flatMap((rule): PasswordRuleSetting[] => {
    const before = settingOf(current, rule)
    const change = changes.find(one => one.rule === rule)
    if (change === undefined) return before === undefined ? [] : [before]
    if (!change.enabled) return []
    const kept = before === undefined ? defaultBoundOf(rule) : boundOf(before)
    return [ruleWith(rule, change.bound ?? kept)]
  })

/** The contradiction of the new policy, at the changed rule that causes it. */
const contradictionIn = (
  policy: PasswordPolicy,
  changes: readonly RuleChange[],
): RuleProblem | null => {
  const contradiction = contradictionOf(policy)
  if (contradiction === null) return null
  const index = changes.findIndex(({ rule }) => rule === 'MAX_LENGTH')
  return {
    path: index < 0 ? ['rules'] : ['rules', String(index), 'bound'],
    message: { id: contradictionKeys[contradiction.kind], values: contradiction },
  }
}

/** The values of the rules in the operation list: a number, or whether the rule is on or off. */
const recordedOf = (policy: PasswordPolicy): Record<PasswordRule, number | string> =>
  Object.fromEntries(
    passwordRules.map(rule => {
      const setting = settingOf(policy, rule)
      return [rule, setting === undefined ? 'OFF' : (boundOf(setting) ?? 'ON')]
    }),
  ) as Record<PasswordRule, number | string>

/** Changes the password policy of the whole account. */
export class UpdatePasswordPolicyService {
  constructor(
    private readonly settings: SettingsService,
    private readonly policies: PasswordPolicyService,
    private readonly operations: OperationService,
    private readonly guard: AccessGuard,
  ) {}

  /**
   * Changes the given rules, all of them or none.
   *
   * @throws as {@link AccessGuard.write}.
   */
  async updatePasswordPolicy(
    actor: Caller,
    changes: readonly RuleChange[],
    origin: RequestOrigin,
  ): Promise<PasswordPolicyResult> {
    const call = { permission: 'settings.manage', action, actor, origin } as const
    return this.guard.write(call, async (unit, caller): Promise<PasswordPolicyResult> => {
      if (this.policies.locked) return { kind: 'locked' }
      const problems = problemsOf(changes)
      if (problems.length > 0) return { kind: 'invalid', problems }
      const current = await this.policies.policyIn(unit)
      const next = changeRules(current, changes)
      const contradiction = contradictionIn(next, changes)
      if (contradiction !== null) return { kind: 'invalid', problems: [contradiction] }
      await this.settings.savePasswordPolicy(unit, completeChanges(next))
      await this.operations.record(unit, origin, {
        action,
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: null,
        changes: changesBetween(recordedOf(current), recordedOf(next), passwordRules),
      })
      return { kind: 'updated', policy: next }
    })
  }
}
