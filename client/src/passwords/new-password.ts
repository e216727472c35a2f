import {
  evaluate,
  type PasswordContext,
  type PasswordPolicy,
  type PasswordRule,
  type PasswordRuleSetting,
} from '@rekey/shared/password-policy'

/** A rule of the policy as the API returns it. */
export interface PolicyRule {
  readonly rule: PasswordRule
  readonly min?: number | null
  readonly max?: number | null
  readonly last?: number | null
}

/**
 * Whether a rule is met. It is open if nothing is entered yet, or if only the server can check it.
 */
export type Verdict = 'met' | 'unmet' | 'open'

/** A rule of the policy with its result. */
export interface JudgedRule extends PolicyRule {
  readonly verdict: Verdict
}

/** The rule in the form that the shared module requires. */
export const settingOf = ({ rule, min, max, last }: PolicyRule): PasswordRuleSetting =>
  // A limit that is null does not belong to the rule.
  ({
    rule,
    ...(min == null ? {} : { min }),
    ...(max == null ? {} : { max }),
    ...(last == null ? {} : { last }),
  }) as PasswordRuleSetting

/** The policy in the form that the shared module requires. */
export const policyOf = (rules: readonly PolicyRule[]): PasswordPolicy => rules.map(settingOf)

/**
 * Judges a password by each rule of the policy.
 *
 * @param refused the rules that this password breaks according to the server.
 */
export const judge = (
  rules: readonly PolicyRule[],
  password: string,
  context: PasswordContext,
  refused: readonly PasswordRule[] = [],
): JudgedRule[] => {
  const findings = password === '' ? [] : evaluate(policyOf(rules), password, context)
  return rules.map(rule => {
    const finding = findings.find(one => one.rule === rule.rule)
    const met = refused.includes(rule.rule) ? false : finding?.met
    return { ...rule, verdict: met === undefined ? 'open' : met ? 'met' : 'unmet' }
  })
}

/** The fields of a form that sets a password. */
export interface NewPasswordValues {
  newPassword: string
  repeatPassword: string
}
