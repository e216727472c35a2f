import { type PasswordRule, ruleKeys } from '@rekey/shared/password-policy'
import type { Locale, MessageId, Translate } from '../messages/locale'
import { type JudgedRule, type PolicyRule, settingOf, type Verdict } from './new-password'

/** The name of the user whose password it will be; null if it is the reader's own password. */
export type OwnerName = string | null

/** The rules that say what a password must have. The others say what it must not be. */
const compositionRules = [
  'MIN_LENGTH',
  'MAX_LENGTH',
  'UPPERCASE',
  'LOWERCASE',
  'NUMBER',
  'SPECIAL',
] as const satisfies PasswordRule[]

type ExclusionRule = Exclude<PasswordRule, (typeof compositionRules)[number]>

interface ExclusionWords {
  /** Completes “Not allowed: …”. */
  readonly excluded: MessageId
  /** Why a password is refused, as a sentence. */
  readonly refused: MessageId
}

const exclusionMessages: Record<ExclusionRule, ExclusionWords> = {
  INVALID_CHARACTER: {
    excluded: 'passwords.excluded.INVALID_CHARACTER',
    refused: 'passwords.refused.INVALID_CHARACTER',
  },
  SAME_AS_CURRENT: {
    excluded: 'passwords.excluded.SAME_AS_CURRENT',
    refused: 'passwords.refused.SAME_AS_CURRENT',
  },
  COMMON: { excluded: 'passwords.excluded.COMMON', refused: 'passwords.refused.COMMON' },
  CONTAINS_LOGIN: {
    excluded: 'passwords.excluded.CONTAINS_LOGIN',
    refused: 'passwords.refused.CONTAINS_LOGIN',
  },
  CONTEXT_WORD: {
    excluded: 'passwords.excluded.CONTEXT_WORD',
    refused: 'passwords.refused.CONTEXT_WORD',
  },
  BREACHED: { excluded: 'passwords.excluded.BREACHED', refused: 'passwords.refused.BREACHED' },
  REUSED: { excluded: 'passwords.excluded.REUSED', refused: 'passwords.refused.REUSED' },
}

interface Exclusion extends JudgedRule {
  readonly rule: ExclusionRule
}

/** Whether the rule says what the password must not be. */
export const isExclusion = (rule: JudgedRule): rule is Exclusion => rule.rule in exclusionMessages

/** Translates a message about a rule. Its values are the bounds of the rule and the owner. */
const translate = (t: Translate, id: MessageId, rule: PolicyRule, owner: OwnerName): string => {
  const values = { ...settingOf(rule), own: String(owner === null), name: owner ?? '' }
  return (t as (id: MessageId, values: object) => string)(id, values)
}

/** A rule as a requirement, such as “At least one number”. */
const requirementOf = (t: Translate, rule: PolicyRule, owner: OwnerName): string =>
  // This one says whose password is meant, which the API cannot know.
  rule.rule === 'SAME_AS_CURRENT'
    ? translate(t, 'passwords.rule.SAME_AS_CURRENT', rule, owner)
    : translate(t, ruleKeys[rule.rule], rule, owner)

/** One line of the checklist. */
export interface ChecklistItem {
  /** The rules of the line: two for the length. */
  readonly rules: readonly PasswordRule[]
  readonly words: string
  readonly verdict: Verdict
}

const verdictOf = (rules: readonly JudgedRule[]): Verdict =>
  rules.find(({ verdict }) => verdict === 'unmet')?.verdict ?? rules[0]?.verdict ?? 'open'

/**
 * The lines of the checklist, in the policy's order: what the password must have, and each exclusion
 * that it breaks. Both bounds of the length are one line.
 */
export const checklistOf = (
  t: Translate,
  rules: readonly JudgedRule[],
  owner: OwnerName,
): ChecklistItem[] => {
  const min = rules.find(({ rule }) => rule === 'MIN_LENGTH')
  const max = rules.find(({ rule }) => rule === 'MAX_LENGTH')
  return rules
    .filter(rule => !isExclusion(rule) || rule.verdict === 'unmet')
    .flatMap((rule): ChecklistItem[] => {
      if (min !== undefined && max !== undefined) {
        if (rule === max) return []
        if (rule === min) {
          const length = { min: min.min ?? 0, max: max.max ?? 0 }
          return [
            {
              rules: [min.rule, max.rule],
              words: t('passwords.rule.length', length),
              verdict: verdictOf([min, max]),
            },
          ]
        }
      }
      const words = requirementOf(t, rule, owner)
      return [{ rules: [rule.rule], words, verdict: rule.verdict }]
    })
}

/** The exclusions that the password does not break, as one sentence; empty if there are none. */
export const exclusionsInWords = (
  { t, formatList }: Pick<Locale, 't' | 'formatList'>,
  rules: readonly JudgedRule[],
  owner: OwnerName,
): string => {
  const words = rules
    .filter(isExclusion)
    .filter(({ verdict }) => verdict !== 'unmet')
    .map(rule => translate(t, exclusionMessages[rule.rule].excluded, rule, owner))
  return words.length === 0 ? '' : t('passwords.checklist.notAllowed', { list: formatList(words) })
}

/** Why a password is refused, as the error of its field; null if no rule is broken. */
export const refusalOf = (
  t: Translate,
  rules: readonly JudgedRule[],
  owner: OwnerName,
): string | null => {
  const unmet = rules.filter(({ verdict }) => verdict === 'unmet')
  const exclusion = unmet.find(isExclusion)
  if (exclusion !== undefined) {
    return translate(t, exclusionMessages[exclusion.rule].refused, exclusion, owner)
  }
  return unmet.length === 0 ? null : t('passwords.fields.unmet')
}
