import type { SecondFactorMethod } from '../gql/graphql'

/** Kinds of second factors in words. */
export const methodNames: Record<SecondFactorMethod, string> = {
  TOTP: 'Authenticator app',
  PASSKEY: 'Passkey or security key',
  SMS: 'Codes by SMS',
  RECOVERY_CODE: 'Recovery code',
}

// What can't be phished comes first, and what is used up comes last.
const order: readonly SecondFactorMethod[] = ['PASSKEY', 'TOTP', 'SMS', 'RECOVERY_CODE']

/**
 * The ways to answer in the order they are offered.
 *
 * @param knowsPasskeys whether this browser does; if not, they come last.
 */
export const inOrder = (
  methods: readonly SecondFactorMethod[],
  knowsPasskeys: boolean,
): readonly SecondFactorMethod[] => {
  const offered = order.filter(method => methods.includes(method))
  if (knowsPasskeys) return offered
  return [
    ...offered.filter(method => method !== 'PASSKEY'),
    ...offered.filter(method => method === 'PASSKEY'),
  ]
}
