import { useQuery } from '@apollo/client/react'
import { PasswordPolicyQuery, type Policy, useCommonPasswords } from './password-policy'

/** The policy of the API and the commonly used passwords, each undefined until it is loaded. */
export const usePasswordPolicy = () => {
  const { data, error, refetch } = useQuery(PasswordPolicyQuery, {
    // An administrator may have changed it since the last time.
    fetchPolicy: 'cache-and-network',
  })
  const policy: Policy | undefined = data?.passwordPolicy
  return { policy, commonPasswords: useCommonPasswords(policy), error, refetch }
}
