import { foldText } from '../text/search-text.js'

/**
 * A password policy is data: the enabled rules with their bounds, in the order in which people should
 * read them. Only this folder contains numbers such as the least length.
 */

/** The codes of the rules, the least surprising first. Never changed: clients translate by them. */
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
  'CONTEXT_WORD',
  'BREACHED',
  'REUSED',
] as const

/** The code of one rule of the policy. */
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
  | { readonly rule: 'INVALID_CHARACTER' | 'SAME_AS_CURRENT' | 'COMMON' | 'BREACHED' }
  /** `min`: the least length of the login's name part for the rule to apply. */
  | { readonly rule: 'CONTAINS_LOGIN'; readonly min: number }
  /** `min`: the least length of a context word for the rule to apply. */
  | { readonly rule: 'CONTEXT_WORD'; readonly min: number }
  /** `last`: how many of the last passwords, including the current one, a user must not reuse. */
  | { readonly rule: 'REUSED'; readonly last: number }

/** The enabled rules, in reading order; each rule at most once. */
export type PasswordPolicy = readonly PasswordRuleSetting[]

/**
 * The data that a rule may need in addition to the password. A rule without its data is not judged
 * and has no finding.
 */
export interface PasswordContext {
  /** The password to be replaced, as the user typed it. */
  readonly currentPassword?: string
  /** The login of the user, an e-mail address. */
  readonly login?: string
  /**
   * Texts that an attacker would try for this user: the names of the user, of the product and of the
   * server. The rule CONTEXT_WORD judges each word of them.
   */
  readonly contextWords?: readonly string[]
  /** Commonly used passwords, each folded with {@link foldPassword}. */
  readonly commonPasswords?: ReadonlySet<string>
}

/** The finding of one rule about one password. */
export interface PasswordFinding {
  readonly rule: PasswordRule
  readonly met: boolean
  /** The setting of the rule, to word a message. */
  readonly params: PasswordRuleSetting
}

/** The policy that applies if none is configured. */
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
  { rule: 'CONTEXT_WORD', min: 4 },
  // Without effect until the server has a source of breached passwords.
  { rule: 'BREACHED' },
  { rule: 'REUSED', last: 5 },
] as const satisfies PasswordPolicy

/**
 * A typed password in NFC, so that "é" is one character, however the keyboard produced it (NIST
 * SP 800-63B, 3.1.1.2). Stored passwords are verified in this form first.
 */
export const normalizePassword = (password: string): string => password.normalize('NFC')

/**
 * The form in which a new password is judged and hashed: {@link normalizePassword}, and each kind of
 * space becomes that of the space bar, because people cannot see which kind they typed (RFC 8265,
 * 4.2.2).
 */
export const newPasswordForm = (password: string): string =>
  normalizePassword(password).replace(/\p{Zs}/gu, ' ')

/**
 * Folds a password for a comparison that ignores case. First to lower, then to upper case, so that
 * both forms of the Greek sigma become equal, and so do s and the long s.
 */
export const foldPassword = (password: string): string =>
  normalizePassword(password.replace(joiners, '')).toLowerCase().toUpperCase().normalize('NFC')

// Control characters, lone surrogates, line separators, and invisible characters.
const invisible =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u2800\uFFF9-\uFFFB]|(?!\u200C|\u200D|\uFE0E|\uFE0F)\p{Default_Ignorable_Code_Point}/u

// The joiners of Persian and of emoji, where they join: elsewhere nobody sees them either. And the
// signs by which keyboards choose the form of an emoji, behind one.
const strayJoiner =
  /(?<![\p{Script=Arabic}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])(?:\u200C|\u200D)|(?:\u200C|\u200D)(?![\p{L}\p{Extended_Pictographic}])|(?<![\p{Extended_Pictographic}0-9#*])(?:\uFE0E|\uFE0F)/u

// Characters without a width. They make no password longer and do not distinguish passwords.
const joiners = /\u200C|\u200D|\uFE0E|\uFE0F/g

/**
 * Whether a password contains an invisible character, so that the user could not type it again.
 */
export const hasInvalidCharacter = (password: string): boolean =>
  invisible.test(password) || strayJoiner.test(password)

// Unicode general categories, not ASCII ranges: "Ż" is an uppercase letter, and "密" is a letter
// without case, so it is not a special character either.
const characterClasses = {
  UPPERCASE: /[\p{Lu}\p{Lt}]/gu,
  LOWERCASE: /\p{Ll}/gu,
  NUMBER: /\p{Nd}/gu,
  SPECIAL: /[^\p{L}\p{M}\p{N}\p{C}]/gu,
} as const

const count = (password: string, characters: RegExp): number =>
  password.match(characters)?.length ?? 0

/** The number of code points of a normalised string. */
const lengthOf = (password: string): number => {
  let length = 0
  for (const _ of password) length += 1
  return length
}

const namePartOf = (login: string): string => {
  const at = login.lastIndexOf('@')
  return at < 0 ? login : login.slice(0, at)
}

/**
 * The form in which context words are compared: without case, accents and apostrophes, because
 * people write their name so in a password ("Müller" as "muller", "O’Hara" as "ohara").
 */
const foldWord = (text: string): string => foldText(text).replaceAll("'", '')

/**
 * The words of the texts in folded form. A word is a run of letters and numbers with at least one
 * letter, because a number alone says nothing about the user.
 */
const wordsOf = (texts: readonly string[]): string[] =>
  texts.flatMap(text => foldWord(text).split(/[^\p{L}\p{N}]+/u)).filter(word => /\p{L}/u.test(word))

const containsWord = (password: string, texts: readonly string[], min: number): boolean => {
  const folded = foldWord(password)
  return wordsOf(texts).some(word => lengthOf(word) >= min && folded.includes(word))
}

/** The verdict of one rule on a password in its new form; null if it cannot be judged here. */
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
    case 'CONTEXT_WORD':
      return context.contextWords === undefined
        ? null
        : !containsWord(password, context.contextWords, setting.min)
    case 'BREACHED':
    case 'REUSED':
      // Only the server has breached passwords, and the hashes of earlier ones.
      return null
  }
}

/**
 * Judges a password by every rule of the policy that the context allows. Pure; never throws.
 *
 * @returns one finding for each judged rule, in the policy's order. A password is acceptable here if
 * every finding is met. Never contains BREACHED and REUSED, which only the server judges.
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

/** The settings of the rules that a password breaks, among those that {@link evaluate} can judge. */
export const violationsOf = (
  policy: PasswordPolicy,
  password: string,
  context: PasswordContext = {},
): PasswordRuleSetting[] =>
  evaluate(policy, password, context)
    .filter(finding => !finding.met)
    .map(finding => finding.params)

/** The setting of a rule, or undefined if the policy does not have the rule. */
export const settingOf = <R extends PasswordRule>(
  policy: PasswordPolicy,
  rule: R,
): Extract<PasswordRuleSetting, { rule: R }> | undefined =>
  policy.find(
    (setting): setting is Extract<PasswordRuleSetting, { rule: R }> => setting.rule === rule,
  )

/**
 * The keys of the rules' texts in the catalogues. A text is worded as a requirement, so that it fits
 * both a checklist and an error message. The setting of the rule contains its arguments.
 */
export const ruleKeys = {
  MIN_LENGTH: 'password-policy.rule.MIN_LENGTH',
  MAX_LENGTH: 'password-policy.rule.MAX_LENGTH',
  UPPERCASE: 'password-policy.rule.UPPERCASE',
  LOWERCASE: 'password-policy.rule.LOWERCASE',
  NUMBER: 'password-policy.rule.NUMBER',
  SPECIAL: 'password-policy.rule.SPECIAL',
  INVALID_CHARACTER: 'password-policy.rule.INVALID_CHARACTER',
  SAME_AS_CURRENT: 'password-policy.rule.SAME_AS_CURRENT',
  COMMON: 'password-policy.rule.COMMON',
  CONTAINS_LOGIN: 'password-policy.rule.CONTAINS_LOGIN',
  CONTEXT_WORD: 'password-policy.rule.CONTEXT_WORD',
  BREACHED: 'password-policy.rule.BREACHED',
  REUSED: 'password-policy.rule.REUSED',
} as const satisfies Record<PasswordRule, string>
