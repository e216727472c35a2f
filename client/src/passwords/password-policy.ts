import { useApolloClient } from '@apollo/client/react'
import { loadCommonPasswords, type PasswordRule } from '@rekey/shared/password-policy'
import { useEffect, useState } from 'react'
import { graphql } from '../gql'
import { type PolicyRule, policyOf } from './new-password'

graphql(`
  fragment PasswordPolicyFields on PasswordPolicy {
    contextWords
    passwordRules
    rules {
      rule
      min
      max
      last
    }
  }
`)

/** The query for the policy. */
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
  /** The value of the HTML attribute `passwordrules`. */
  readonly passwordRules: string
  /** The words that no user may use in a password. */
  readonly contextWords: readonly string[]
}

/** The commonly used passwords that the policy rejects; undefined until they are loaded. */
export const useCommonPasswords = (policy: Policy | undefined): ReadonlySet<string> | undefined => {
  const [commonPasswords, setCommonPasswords] = useState<ReadonlySet<string>>()
  useEffect(() => {
    if (policy === undefined) return
    let wanted = true
    loadCommonPasswords(policyOf(policy.rules)).then(
      list => wanted && setCommonPasswords(list),
      // Without the list the rule stays open here, and the server checks it.
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [policy])
  return commonPasswords
}

/** Remembers the rules that the server found broken, until the user changes the password. */
export const useRefusedRules = () => {
  const client = useApolloClient()
  const [refused, setRefused] = useState<{ password: string; rules: PasswordRule[] } | null>(null)
  return {
    refusedFor: (password: string): readonly PasswordRule[] =>
      refused?.password === password ? refused.rules : [],
    refuse: (password: string, violations: readonly { readonly rule: PasswordRule }[]): void => {
      setRefused({ password, rules: violations.map(violation => violation.rule) })
      // The policy may have changed since the form was opened. Then its list lacks these rules.
      client
        .query({ query: PasswordPolicyQuery, fetchPolicy: 'network-only' })
        .catch(() => undefined)
    },
  }
}
