import { useQuery } from '@apollo/client/react'
import {
  evaluate,
  type PasswordContext,
  type PasswordPolicy,
  type PasswordRule,
  type PasswordRuleSetting,
} from '@rekey/shared/password-policy'
import { useState } from 'react'
import { graphql } from '../gql'

const PasswordPolicyQuery = graphql(`
  query PasswordPolicy {
    passwordPolicy {
      rules {
        rule
        min
        max
        last
        description
      }
    }
  }
`)

/** A rule of the policy as the API hands it out. */
export interface PolicyRule {
  readonly rule: PasswordRule
  readonly min?: number | null
  readonly max?: number | null
  readonly last?: number | null
  /** The rule as a requirement, in plain English. */
  readonly description: string
}

/** Met, unmet, or not judged: nothing is typed yet, or only the server can tell. */
export type Verdict = 'met' | 'unmet' | 'open'

/** A rule of the checklist with its verdict. */
export interface JudgedRule {
  readonly rule: PasswordRule
  readonly description: string
  readonly verdict: Verdict
}

const settingOf = ({ rule, min, max, last }: PolicyRule): PasswordRuleSetting =>
  // Bounds that are null don't belong to the rule.
  ({
    rule,
    ...(min == null ? {} : { min }),
    ...(max == null ? {} : { max }),
    ...(last == null ? {} : { last }),
  }) as PasswordRuleSetting

/** The policy of the API: undefined until it is known. */
export const usePasswordPolicy = () => {
  const { data, error, refetch } = useQuery(PasswordPolicyQuery)
  return { rules: data?.passwordPolicy.rules, error, refetch }
}

/**
 * The checklist for a password.
 *
 * @param refused rules the server found broken for this very password.
 */
export const judge = (
  rules: readonly PolicyRule[],
  password: string,
  context: PasswordContext,
  refused: readonly PasswordRule[] = [],
): JudgedRule[] => {
  const policy: PasswordPolicy = rules.map(settingOf)
  const findings = password === '' ? [] : evaluate(policy, password, context)
  return rules.map(({ rule, description }) => {
    const finding = findings.find(one => one.rule === rule)
    const met = refused.includes(rule) ? false : finding?.met
    return { rule, description, verdict: met === undefined ? 'open' : met ? 'met' : 'unmet' }
  })
}

/** Remembers which rules the server found broken, for as long as that very password stands. */
export const useRefusedRules = () => {
  const [refused, setRefused] = useState<{ password: string; rules: PasswordRule[] } | null>(null)
  return {
    refusedFor: (password: string): readonly PasswordRule[] =>
      refused?.password === password ? refused.rules : [],
    refuse: (password: string, violations: readonly { readonly rule: PasswordRule }[]): void =>
      setRefused({ password, rules: violations.map(violation => violation.rule) }),
  }
}
