import {
  boundOf,
  canBeSwitchedOff,
  defaultBoundOf,
  type PasswordPolicy,
  type PasswordRule,
  type PasswordRuleSetting,
  passwordRules,
  ruleBounds,
  ruleWith,
  settingOf,
} from '@rekey/shared/password-policy'
import { z } from 'zod'

/**
 * Changes to a policy by rule: `false` switches the rule off, `true` switches it on with its usual
 * number, and an object switches it on with this number. Rules that are left out stay as they are.
 */
export type PolicyChanges = Readonly<
  Partial<Record<PasswordRule, boolean | Readonly<Record<string, number>>>>
>

const number = (least: number, greatest: number) => {
  const problem = `must be a whole number from ${least} to ${greatest}`
  return z.number(problem).int(problem).min(least, problem).max(greatest, problem)
}

const shape = (numbers: Record<string, z.ZodType>) =>
  z.strictObject(numbers, {
    error: issue =>
      issue.code === 'unrecognized_keys'
        ? `accepts only ${Object.keys(numbers).join(' and ')}`
        : `must be ${JSON.stringify(Object.fromEntries(Object.keys(numbers).map(key => [key, '…'])))}`,
  })

const modelOf = (rule: PasswordRule): z.ZodType => {
  const bound = ruleBounds[rule]
  if (bound === null) {
    return canBeSwitchedOff(rule)
      ? z.boolean('must be true or false')
      : z.literal(true, 'cannot be switched off')
  }
  const model = shape({ [bound.name]: number(bound.least, bound.greatest) })
  return canBeSwitchedOff(rule) ? z.union([z.literal(false), model]) : model
}

const models = new Map<string, z.ZodType>(passwordRules.map(rule => [rule, modelOf(rule)]))

const messageOf = (issue: z.core.$ZodIssue): string => {
  // If an object or false is allowed, the problem is in the object.
  const inner = issue.code === 'invalid_union' ? issue.errors.at(-1)?.[0] : undefined
  if (inner === undefined) return [...issue.path, issue.message].join(' ').trim()
  return [...inner.path, inner.message].join(' ').trim()
}

/** Reads changes to a policy. Returns one line for each problem, which begins with the rule. */
export const readPolicyChanges = (
  given: object,
): { changes: PolicyChanges } | { problems: readonly string[] } => {
  const problems: string[] = []
  const changes: [string, unknown][] = []
  for (const [rule, value] of Object.entries(given)) {
    const parsed = models.get(rule)?.safeParse(value)
    if (parsed === undefined) problems.push(`There is no rule ${rule}`)
    else if (parsed.success) changes.push([rule, parsed.data])
    else problems.push(...parsed.error.issues.map(issue => `${rule} ${messageOf(issue)}`))
  }
  return problems.length > 0 ? { problems } : { changes: Object.fromEntries(changes) }
}

/** The policy with these changes, in the order in which people should read the rules. */
export const changePolicy = (policy: PasswordPolicy, changes: PolicyChanges): PasswordPolicy =>
  passwordRules.flatMap((rule): PasswordRuleSetting[] => {
    const change = changes[rule]
    const current = settingOf(policy, rule)
    if (change === false) return []
    if (change === undefined) return current === undefined ? [] : [current]
    if (typeof change === 'object') return [{ rule, ...change } as PasswordRuleSetting]
    return [current ?? ruleWith(rule, defaultBoundOf(rule))]
  })

/** The changes that make this policy of any other one. */
export const completeChanges = (policy: PasswordPolicy): PolicyChanges =>
  Object.fromEntries(
    passwordRules.map(rule => {
      const setting = settingOf(policy, rule)
      const bound = ruleBounds[rule]
      if (setting === undefined || bound === null) return [rule, setting !== undefined]
      return [rule, { [bound.name]: boundOf(setting) }]
    }),
  )
