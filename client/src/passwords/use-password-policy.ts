import { useQuery } from '@apollo/client/react'
import { PasswordPolicyQuery, type Policy, useCommonPasswords } from './password-policy'

/** The policy of the API, undefined until it is known; and the commonly used passwords, likewise. */
export const usePasswordPolicy = () => {
  const { data, error, refetch } = useQuery(PasswordPolicyQuery)
  const policy: Policy | undefined = data?.passwordPolicy
  return { policy, commonPasswords: useCommonPasswords(policy), error, refetch }
}
