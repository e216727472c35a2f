import { readFileSync } from 'node:fs'
import {
  defaultPasswordPolicy,
  type PasswordPolicy,
  type PasswordRuleSetting,
  settingOf,
} from '@rekey/shared/password-policy'
import { z } from 'zod'
import { ConfigError } from './config-error.js'

const number = (min: number, max: number) =>
  z
    .number(`must be a whole number from ${min} to ${max}`)
    .int(`must be a whole number from ${min} to ${max}`)
    .min(min, `must be a whole number from ${min} to ${max}`)
    .max(max, `must be a whole number from ${min} to ${max}`)

const shape = (numbers: Record<string, z.ZodType>) =>
  z.strictObject(numbers, {
    error: issue =>
      issue.code === 'unrecognized_keys'
        ? `accepts only ${Object.keys(numbers).join(' and ')}`
        : `must be ${JSON.stringify(Object.fromEntries(Object.keys(numbers).map(key => [key, '…'])))}`,
  })

const off = z.literal(false)
const onOrOff = z.boolean('must be true or false')
const orOff = (numbers: Record<string, z.ZodType>) => z.union([off, shape(numbers)])
const characterClass = orOff({ min: number(1, 8) })

// The limits: with fewer than 8 characters no other rule helps (NIST SP 800-63B, 3.1.1.2). Two
// rules cannot be switched off. Without a minimum length the others mean nothing, and a password
// with an invalid character could never be verified again.
const rules = {
  MIN_LENGTH: shape({ min: number(8, 64) }),
  MAX_LENGTH: orOff({ max: number(8, 256) }),
  UPPERCASE: characterClass,
  LOWERCASE: characterClass,
  NUMBER: characterClass,
  SPECIAL: characterClass,
  INVALID_CHARACTER: z.literal(true, 'cannot be switched off'),
  SAME_AS_CURRENT: onOrOff,
  COMMON: onOrOff,
  CONTAINS_LOGIN: orOff({ min: number(1, 64) }),
  CONTEXT_WORD: orOff({ min: number(4, 64) }),
  REUSED: orOff({ last: number(1, 24) }),
} as const satisfies Record<PasswordRuleSetting['rule'], z.ZodType>

const messageOf = (issue: z.core.$ZodIssue): string => {
  // If an object or false is allowed, the problem is in the object.
  const inner = issue.code === 'invalid_union' ? issue.errors.at(-1)?.[0] : undefined
  if (inner === undefined) return [...issue.path, issue.message].join(' ').trim()
  return [...inner.path, inner.message].join(' ').trim()
}

/**
 * Reads the policy from a file: the default policy, in which the file switches rules off with
 * `false` or changes their numbers.
 *
 * @throws ConfigError if the file cannot be read or is invalid.
 */
export const readPasswordPolicyFile = (path: string): PasswordPolicy => {
  let given: unknown
  try {
    given = JSON.parse(readFileSync(path, 'utf8'))
  } catch (failure) {
    const problem = failure instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read'
    throw new ConfigError([`PASSWORD_POLICY_FILE: ${path} ${problem}.`])
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ConfigError([
      'PASSWORD_POLICY_FILE must contain an object such as {"MIN_LENGTH": {"min": 14}, "REUSED": false}.',
    ])
  }
  const problems: string[] = []
  const changes = new Map<string, unknown>()
  for (const [rule, value] of Object.entries(given)) {
    const model = Object.hasOwn(rules, rule) ? rules[rule as keyof typeof rules] : undefined
    const parsed = model?.safeParse(value)
    if (parsed === undefined) problems.push(`There is no rule ${rule}`)
    else if (parsed.success) changes.set(rule, parsed.data)
    else problems.push(...parsed.error.issues.map(issue => `${rule} ${messageOf(issue)}`))
  }
  const policy = defaultPasswordPolicy.flatMap((setting): PasswordRuleSetting[] => {
    const change = changes.get(setting.rule)
    if (change === false) return []
    return [{ ...setting, ...(typeof change === 'object' ? change : {}) } as PasswordRuleSetting]
  })
  if (problems.length === 0) problems.push(...contradictionsOf(policy))
  if (problems.length > 0) {
    throw new ConfigError(problems.map(line => `PASSWORD_POLICY_FILE: ${line}.`))
  }
  return policy
}

const contradictionsOf = (policy: PasswordPolicy): string[] => {
  const minLength = settingOf(policy, 'MIN_LENGTH')?.min ?? 0
  const maxLength = settingOf(policy, 'MAX_LENGTH')?.max
  if (maxLength === undefined) return []
  const required = (['UPPERCASE', 'LOWERCASE', 'NUMBER', 'SPECIAL'] as const)
    .map(rule => settingOf(policy, rule)?.min ?? 0)
    .reduce((sum, count) => sum + count, 0)
  if (maxLength < minLength) return [`MAX_LENGTH ${maxLength} is less than MIN_LENGTH ${minLength}`]
  if (maxLength < required)
    return [
      `MAX_LENGTH ${maxLength} is less than the ${required} characters that other rules require`,
    ]
  return []
}
