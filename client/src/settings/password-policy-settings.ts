import {
  contradictionKeys,
  contradictionOf,
  type PasswordPolicy,
  type PasswordRule,
  passwordRules,
  ruleBounds,
  ruleKeys,
  ruleWith,
} from '@rekey/shared/password-policy'
import type { FormikErrors } from 'formik'
import { graphql } from '../gql'
import type { PasswordPolicySettingsFieldsFragment, PasswordRuleInput } from '../gql/graphql'
import type { PlainMessageId, Translate } from '../messages/locale'

graphql(`
  fragment PasswordPolicySettingsFields on PasswordPolicySettings {
    locked
    breachSources
    rules {
      rule
      enabled
      bound
    }
    presets {
      name
      rules {
        rule
        enabled
        bound
      }
    }
  }
`)

/** The settings of the password policy. */
export const PasswordPolicySettings = graphql(`
  query PasswordPolicySettings {
    passwordPolicySettings {
      ...PasswordPolicySettingsFields
    }
  }
`)

/** Changes some of its rules. */
export const UpdatePasswordPolicy = graphql(`
  mutation UpdatePasswordPolicy($input: UpdatePasswordPolicyInput!) {
    updatePasswordPolicy(input: $input) {
      settings {
        ...PasswordPolicySettingsFields
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

/** The names of the rules in the settings. */
export const ruleTitleMessages: Record<PasswordRule, PlainMessageId> = {
  MIN_LENGTH: 'settings.passwordPolicy.rule.MIN_LENGTH',
  MAX_LENGTH: 'settings.passwordPolicy.rule.MAX_LENGTH',
  UPPERCASE: 'settings.passwordPolicy.rule.UPPERCASE',
  LOWERCASE: 'settings.passwordPolicy.rule.LOWERCASE',
  NUMBER: 'settings.passwordPolicy.rule.NUMBER',
  SPECIAL: 'settings.passwordPolicy.rule.SPECIAL',
  INVALID_CHARACTER: 'settings.passwordPolicy.rule.INVALID_CHARACTER',
  SAME_AS_CURRENT: 'settings.passwordPolicy.rule.SAME_AS_CURRENT',
  COMMON: 'settings.passwordPolicy.rule.COMMON',
  CONTAINS_LOGIN: 'settings.passwordPolicy.rule.CONTAINS_LOGIN',
  CONTEXT_WORD: 'settings.passwordPolicy.rule.CONTEXT_WORD',
  BREACHED: 'settings.passwordPolicy.rule.BREACHED',
  REUSED: 'settings.passwordPolicy.rule.REUSED',
}

/** A rule as the API returns it. */
type RuleSettings = PasswordPolicySettingsFieldsFragment['rules'][number]

/** The form: the number of each rule as typed, and which rules are switched on. */
export type PolicyValues = Record<PasswordRule, string> & {
  enabled: Record<PasswordRule, boolean>
}

/** The values of the form for these rules. */
export const valuesOf = (rules: readonly RuleSettings[]): PolicyValues => {
  const find = (rule: PasswordRule) => rules.find(one => one.rule === rule)
  return {
    ...(Object.fromEntries(
      passwordRules.map(rule => [rule, String(find(rule)?.bound ?? '')]),
    ) as Record<PasswordRule, string>),
    enabled: Object.fromEntries(
      passwordRules.map(rule => [rule, find(rule)?.enabled ?? false]),
    ) as Record<PasswordRule, boolean>,
  }
}

/** The typed number of a rule; null if it has none, or if the number is not allowed. */
const typedBoundOf = (values: PolicyValues, rule: PasswordRule): number | null => {
  const bound = ruleBounds[rule]
  const typed = values[rule].trim()
  if (bound === null || !/^\d{1,4}$/.test(typed)) return null
  const number = Number(typed)
  return number < bound.least || number > bound.greatest ? null : number
}

/** The policy of the form, without the rules whose number is not allowed. */
export const policyOfValues = (values: PolicyValues): PasswordPolicy =>
  passwordRules.flatMap(rule => {
    const bound = typedBoundOf(values, rule)
    if (!values.enabled[rule] || (bound === null && ruleBounds[rule] !== null)) return []
    return [ruleWith(rule, bound)]
  })

/** What a rule requires, or would require; empty while its number is not allowed. */
export const requirementOf = (t: Translate, values: PolicyValues, rule: PasswordRule): string => {
  const bound = typedBoundOf(values, rule)
  if (bound === null && ruleBounds[rule] !== null) return ''
  // The setting of a rule contains the arguments of its text.
  return t(ruleKeys[rule], ruleWith(rule, bound) as never)
}

/** Whether both forms describe the same policy. */
export const isSamePolicy = (one: PolicyValues, other: PolicyValues): boolean =>
  changesOf(one, other).length === 0

/** The errors of the form. */
export const validatePolicy =
  (t: Translate) =>
  (values: PolicyValues): FormikErrors<PolicyValues> => {
    const errors: FormikErrors<PolicyValues> = {}
    for (const rule of passwordRules) {
      const bound = ruleBounds[rule]
      if (bound === null || !values.enabled[rule] || typedBoundOf(values, rule) !== null) continue
      errors[rule] = t('password-policy.bound.range', {
        least: bound.least,
        greatest: bound.greatest,
      })
    }
    const contradiction = contradictionOf(policyOfValues(values))
    if (contradiction?.kind === 'MAX_BELOW_MIN') {
      errors.MAX_LENGTH = t(contradictionKeys.MAX_BELOW_MIN, { min: contradiction.min })
    } else if (contradiction?.kind === 'MAX_BELOW_REQUIRED') {
      const { required } = contradiction
      errors.MAX_LENGTH = t(contradictionKeys.MAX_BELOW_REQUIRED, { required })
    }
    return errors
  }

/** Only the rules that were changed: another administrator may be changing the rest. */
export const changesOf = (saved: PolicyValues, edited: PolicyValues): PasswordRuleInput[] =>
  passwordRules.flatMap(rule => {
    const enabled = edited.enabled[rule]
    const bound = enabled ? typedBoundOf(edited, rule) : null
    const isSame =
      enabled === saved.enabled[rule] && (!enabled || bound === typedBoundOf(saved, rule))
    return isSame ? [] : [{ rule, enabled, bound }]
  })
