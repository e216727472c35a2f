import {
  defaultPasswordPolicy,
  type PasswordPolicy,
  type PasswordRule,
  type PasswordRuleSetting,
  settingOf,
} from './password-policy.js'

/** The number of a rule: its name in the rule's setting, and the least and greatest value. */
export interface RuleBound {
  readonly name: 'min' | 'max' | 'last'
  readonly least: number
  readonly greatest: number
}

const characterClass: RuleBound = { name: 'min', least: 1, greatest: 8 }

/**
 * The number that a policy may choose for each rule; null if the rule has none. With fewer than 8
 * characters no other rule helps (NIST SP 800-63B-4, 3.1.1.2). A context word of three letters would
 * reject too many passwords.
 */
export const ruleBounds: Readonly<Record<PasswordRule, RuleBound | null>> = {
  MIN_LENGTH: { name: 'min', least: 8, greatest: 64 },
  MAX_LENGTH: { name: 'max', least: 8, greatest: 256 },
  UPPERCASE: characterClass,
  LOWERCASE: characterClass,
  NUMBER: characterClass,
  SPECIAL: characterClass,
  INVALID_CHARACTER: null,
  SAME_AS_CURRENT: null,
  COMMON: null,
  CONTAINS_LOGIN: { name: 'min', least: 1, greatest: 64 },
  CONTEXT_WORD: { name: 'min', least: 4, greatest: 64 },
  BREACHED: null,
  REUSED: { name: 'last', least: 1, greatest: 24 },
}

/**
 * Whether a rule can be switched off. Without a minimum length the others mean nothing, and a password
 * with an invalid character could never be typed again.
 */
export const canBeSwitchedOff = (rule: PasswordRule): boolean =>
  rule !== 'MIN_LENGTH' && rule !== 'INVALID_CHARACTER'

/** The number of a rule; null if it has none. */
export const boundOf = (setting: PasswordRuleSetting): number | null => {
  if ('min' in setting) return setting.min
  if ('max' in setting) return setting.max
  return 'last' in setting ? setting.last : null
}

/** A rule with this number. A rule without a number ignores it. */
export const ruleWith = (rule: PasswordRule, bound: number | null): PasswordRuleSetting => {
  const name = ruleBounds[rule]?.name
  return (name === undefined ? { rule } : { rule, [name]: bound }) as PasswordRuleSetting
}

/** The number that a rule has in the default policy; null if it has none. */
export const defaultBoundOf = (rule: PasswordRule): number | null => {
  const setting = settingOf(defaultPasswordPolicy, rule)
  return setting === undefined ? null : boundOf(setting)
}

/** The names of the presets. */
export const passwordPolicyPresets = ['REKEY', 'NIST'] as const

/** The name of a preset. */
export type PasswordPolicyPreset = (typeof passwordPolicyPresets)[number]

/**
 * Complete policies to begin with. `NIST` is that of SP 800-63B-4, 3.1.1.2: long passwords, no
 * composition, and lists of forbidden passwords and words.
 */
export const presetPolicies: Readonly<Record<PasswordPolicyPreset, PasswordPolicy>> = {
  REKEY: defaultPasswordPolicy,
  NIST: [
    { rule: 'MIN_LENGTH', min: 15 },
    { rule: 'MAX_LENGTH', max: 128 },
    { rule: 'INVALID_CHARACTER' },
    { rule: 'SAME_AS_CURRENT' },
    { rule: 'COMMON' },
    { rule: 'CONTAINS_LOGIN', min: 4 },
    { rule: 'CONTEXT_WORD', min: 4 },
    { rule: 'BREACHED' },
  ],
}

/** Why no password can meet a policy: the maximum length is less than what other rules require. */
export type PolicyContradiction =
  | { readonly kind: 'MAX_BELOW_MIN'; readonly max: number; readonly min: number }
  | { readonly kind: 'MAX_BELOW_REQUIRED'; readonly max: number; readonly required: number }

/** The keys of the contradictions' texts in the catalogues. */
export const contradictionKeys = {
  MAX_BELOW_MIN: 'password-policy.contradiction.MAX_BELOW_MIN',
  MAX_BELOW_REQUIRED: 'password-policy.contradiction.MAX_BELOW_REQUIRED',
} as const satisfies Record<PolicyContradiction['kind'], string>

/** The contradiction of a policy, or null if passwords can meet it. */
export const contradictionOf = (policy: PasswordPolicy): PolicyContradiction | null => {
  const min = settingOf(policy, 'MIN_LENGTH')?.min ?? 0
  const max = settingOf(policy, 'MAX_LENGTH')?.max
  if (max === undefined) return null
  const required = (['UPPERCASE', 'LOWERCASE', 'NUMBER', 'SPECIAL'] as const)
    .map(rule => settingOf(policy, rule)?.min ?? 0)
    .reduce((sum, count) => sum + count, 0)
  if (max < min) return { kind: 'MAX_BELOW_MIN', max, min }
  return max < required ? { kind: 'MAX_BELOW_REQUIRED', max, required } : null
}
