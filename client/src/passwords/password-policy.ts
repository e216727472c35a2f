import { useQuery } from '@apollo/client/react'
import { loadCommonPasswords, type PasswordRule } from '@rekey/shared/password-policy'
import { useEffect, useState } from 'react'
import { graphql } from '../gql'
import { type PolicyRule, policyOf } from './new-password'

const PasswordPolicyQuery = graphql(`
  query PasswordPolicy {
    passwordPolicy {
      passwordRules
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

/** The policy of the API. */
export interface Policy {
  readonly rules: readonly PolicyRule[]
  /** Value of the HTML attribute passwordrules. */
  readonly passwordRules: string
}

/** The policy of the API, undefined until it is known; and the commonly used passwords, likewise. */
export const usePasswordPolicy = () => {
  const { data, error, refetch } = useQuery(PasswordPolicyQuery)
  const policy: Policy | undefined = data?.passwordPolicy
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
  return { policy, commonPasswords, error, refetch }
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
