import { loadCommonPasswords, type PasswordRule } from '@rekey/shared/password-policy'
import { useEffect, useState } from 'react'
import { graphql } from '../gql'
import { type PolicyRule, policyOf } from './new-password'

graphql(`
  fragment PasswordPolicyFields on PasswordPolicy {
    passwordRules
    rules {
      rule
      min
      max
      last
      description
    }
  }
`)

/** Asks for the policy. */
export const PasswordPolicyQuery = graphql(`
  query PasswordPolicy {
    passwordPolicy {
      ...PasswordPolicyFields
    }
  }
`)

/** The policy of the API. */
export interface Policy {
  readonly rules: readonly PolicyRule[]
  /** Value of the HTML attribute passwordrules. */
  readonly passwordRules: string
}

/** The commonly used passwords that the policy refuses; undefined until they are known. */
export const useCommonPasswords = (policy: Policy | undefined): ReadonlySet<string> | undefined => {
  const [commonPasswords, setCommonPasswords] = useState<ReadonlySet<string>>()
  useEffect(() => {
    if (policy === undefined) return
    let wanted = true
    loadCommonPasswords(policyOf(policy.rules)).then(
      list => wanted && setCommonPasswords(list),
      // Without it the rule stays open here, and the server judges it.
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [policy])
  return commonPasswords
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
