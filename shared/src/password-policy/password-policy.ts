/**
 * A password policy is data: the rules that are switched on, in the order in
 * which people should read them, each with its own bounds. Nothing outside this
 * folder knows a number such as the least length.
 */

/** Code of each rule, least surprising first. Stable: clients translate by it. */
export const passwordRules = [
  'MIN_LENGTH',
  'MAX_LENGTH',
  'UPPERCASE',
  'LOWERCASE',
  'NUMBER',
  'SPECIAL',
  'INVALID_CHARACTER',
  'SAME_AS_CURRENT',
  'COMMON',
  'CONTAINS_LOGIN',
  'REUSED',
] as const

/** Code of one rule of the policy. */
export type PasswordRule = (typeof passwordRules)[number]

/**
 * One rule with its bounds. `min` and `max` count Unicode code points after NFC
 * normalisation; `last` counts passwords.
 */
export type PasswordRuleSetting =
  | { readonly rule: 'MIN_LENGTH'; readonly min: number }
  | { readonly rule: 'MAX_LENGTH'; readonly max: number }
  | {
      readonly rule: 'UPPERCASE' | 'LOWERCASE' | 'NUMBER' | 'SPECIAL'
      readonly min: number
    }
  | { readonly rule: 'INVALID_CHARACTER' | 'SAME_AS_CURRENT' | 'COMMON' }
  /** `min`: how long the login's name part must be before it is looked for. */
  | { readonly rule: 'CONTAINS_LOGIN'; readonly min: number }
  /** `last`: how many passwords of the profile may not come again, the current one included. */
  | { readonly rule: 'REUSED'; readonly last: number }

/** The rules that are switched on, in reading order; each rule at most once. */
export type PasswordPolicy = readonly PasswordRuleSetting[]

/**
 * What a rule may need beside the password itself. A rule whose context is
 * missing is not judged: it has no finding.
 */
export interface PasswordContext {
  /** The password being replaced, as its owner typed it. */
  readonly currentPassword?: string
  /** The login of the profile, an e-mail address. */
  readonly login?: string
  /** Commonly used passwords, each folded with {@link foldPassword}. */
  readonly commonPasswords?: ReadonlySet<string>
}

/** What one rule says about one password. */
export interface PasswordFinding {
  readonly rule: PasswordRule
  readonly met: boolean
  /** The rule's own setting, for wording a message. */
  readonly params: PasswordRuleSetting
}

/** The policy unless configured otherwise. */
export const defaultPasswordPolicy = [
  { rule: 'MIN_LENGTH', min: 12 },
  { rule: 'MAX_LENGTH', max: 30 },
  { rule: 'UPPERCASE', min: 1 },
  { rule: 'LOWERCASE', min: 1 },
  { rule: 'NUMBER', min: 1 },
  { rule: 'SPECIAL', min: 1 },
  { rule: 'INVALID_CHARACTER' },
  { rule: 'SAME_AS_CURRENT' },
  { rule: 'COMMON' },
  { rule: 'CONTAINS_LOGIN', min: 4 },
  { rule: 'REUSED', last: 5 },
] as const satisfies PasswordPolicy

/**
 * A password as it was typed, in NFC, so that "é" is one character however the keyboard made
 * it (NIST SP 800-63B, 3.1.1.2). Stored passwords are verified in this form first.
 */
export const normalizePassword = (password: string): string => password.normalize('NFC')

/**
 * The form in which a new password is judged and hashed: {@link normalizePassword}, and each
 * space is the one of the space bar, because people can't see which one they typed (RFC 8265,
 * 4.2.2).
 */
export const newPasswordForm = (password: string): string =>
  normalizePassword(password).replace(/\p{Zs}/gu, ' ')

/**
 * Folds for comparison without regard to case. Lower, then upper: so that both
 * forms of the Greek sigma, and the long s, meet.
 */
export const foldPassword = (password: string): string =>
  normalizePassword(password.replace(joiners, '')).toLowerCase().toUpperCase().normalize('NFC')

// Controls, lone surrogates, separators of lines, and characters without any ink.
const invisible =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u2800\uFFF9-\uFFFB]|(?!\u200C|\u200D|\uFE0E|\uFE0F)\p{Default_Ignorable_Code_Point}/u

// The joiners of Persian and of emoji, where they join: elsewhere nobody sees them either. And the
// signs by which keyboards choose the form of an emoji, behind one.
const strayJoiner =
  /(?<![\p{Script=Arabic}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])(?:\u200C|\u200D)|(?:\u200C|\u200D)(?![\p{L}\p{Extended_Pictographic}])|(?<![\p{Extended_Pictographic}0-9#*])(?:\uFE0E|\uFE0F)/u

// What has no width of its own, so that it makes no password longer or other.
const joiners = /\u200C|\u200D|\uFE0E|\uFE0F/g

/**
 * True when a password holds a character that nobody can see, so that its owner could not type
 * it again.
 */
export const hasInvalidCharacter = (password: string): boolean =>
  invisible.test(password) || strayJoiner.test(password)

// Unicode general categories, not ASCII ranges: "Ż" is an uppercase letter and
// "密" is a letter without case, hence no special character either.
const characterClasses = {
  UPPERCASE: /[\p{Lu}\p{Lt}]/gu,
  LOWERCASE: /\p{Ll}/gu,
  NUMBER: /\p{Nd}/gu,
  SPECIAL: /[^\p{L}\p{M}\p{N}\p{C}]/gu,
} as const

const count = (password: string, characters: RegExp): number =>
  password.match(characters)?.length ?? 0

/** Code points of a string that is already normalised. */
const lengthOf = (password: string): number => {
  let length = 0
  for (const _ of password) length += 1
  return length
}

const namePartOf = (login: string): string => {
  const at = login.lastIndexOf('@')
  return at < 0 ? login : login.slice(0, at)
}

/** The verdict of one rule on a password in its new form, or null when it can't be judged here. */
const judge = (
  setting: PasswordRuleSetting,
  password: string,
  context: PasswordContext,
): boolean | null => {
  switch (setting.rule) {
    case 'MIN_LENGTH':
      return lengthOf(password.replace(joiners, '')) >= setting.min
    case 'MAX_LENGTH':
      return lengthOf(password) <= setting.max
    case 'UPPERCASE':
    case 'LOWERCASE':
    case 'NUMBER':
    case 'SPECIAL':
      return count(password, characterClasses[setting.rule]) >= setting.min
    case 'INVALID_CHARACTER':
      return !hasInvalidCharacter(password)
    case 'SAME_AS_CURRENT':
      return context.currentPassword === undefined
        ? null
        : password !== newPasswordForm(context.currentPassword)
    case 'COMMON':
      return context.commonPasswords === undefined
        ? null
        : !context.commonPasswords.has(foldPassword(password))
    case 'CONTAINS_LOGIN': {
      if (context.login === undefined) return null
      const name = foldPassword(namePartOf(context.login))
      return lengthOf(name) < setting.min || !foldPassword(password).includes(name)
    }
    case 'REUSED':
      // Only the server holds the hashes of earlier passwords.
      return null
  }
}

/**
 * Judges a password by every rule of the policy that the context allows.
 * Pure; never throws; findings stand in the policy's order.
 *
 * @returns one finding per judged rule; a password is acceptable here when every
 * finding is met. REUSED is never among them: the server adds it.
 */
export const evaluate = (
  policy: PasswordPolicy,
  password: string,
  context: PasswordContext = {},
): PasswordFinding[] => {
  const normalized = newPasswordForm(password)
  const findings: PasswordFinding[] = []
  for (const params of policy) {
    const met = judge(params, normalized, context)
    if (met !== null) findings.push({ rule: params.rule, met, params })
  }
  return findings
}

/** The settings of the rules a password breaks, of those that {@link evaluate} can judge. */
export const violationsOf = (
  policy: PasswordPolicy,
  password: string,
  context: PasswordContext = {},
): PasswordRuleSetting[] =>
  evaluate(policy, password, context)
    .filter(finding => !finding.met)
    .map(finding => finding.params)

/** The setting of a rule, or undefined where the policy has it switched off. */
export const settingOf = <R extends PasswordRule>(
  policy: PasswordPolicy,
  rule: R,
): Extract<PasswordRuleSetting, { rule: R }> | undefined =>
  policy.find(
    (setting): setting is Extract<PasswordRuleSetting, { rule: R }> => setting.rule === rule,
  )

const atLeast = (count: number, one: string, many: string): string =>
  count === 1 ? `At least one ${one}` : `At least ${count} ${many}`

/**
 * A rule in plain English, worded as a requirement so that it reads well in a
 * checklist and as the message of a refusal alike. Clients that translate go by
 * the rule's code instead.
 */
export const describeRule = (setting: PasswordRuleSetting): string => {
  switch (setting.rule) {
    case 'MIN_LENGTH':
      return atLeast(setting.min, 'character', 'characters')
    case 'MAX_LENGTH':
      return `At most ${setting.max} characters`
    case 'UPPERCASE':
      return atLeast(setting.min, 'uppercase letter', 'uppercase letters')
    case 'LOWERCASE':
      return atLeast(setting.min, 'lowercase letter', 'lowercase letters')
    case 'NUMBER':
      return atLeast(setting.min, 'number', 'numbers')
    case 'SPECIAL':
      return atLeast(setting.min, 'special character', 'special characters')
    case 'INVALID_CHARACTER':
      return 'No invisible characters'
    case 'SAME_AS_CURRENT':
      return 'Different from the current password'
    case 'COMMON':
      return 'Not a commonly used password'
    case 'CONTAINS_LOGIN':
      return 'Does not contain the name in the login'
    case 'REUSED':
      return setting.last === 1
        ? 'Different from the last password'
        : `Different from the last ${setting.last} passwords`
  }
}
