import type { SecondFactorMethod } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'

/** The names of the methods. */
export const methodMessages: Record<SecondFactorMethod, PlainMessageId> = {
  TOTP: 'second-factor.method.TOTP',
  PASSKEY: 'second-factor.method.PASSKEY',
  SMS: 'second-factor.method.SMS',
  RECOVERY_CODE: 'second-factor.method.RECOVERY_CODE',
}

/** The methods of which a user can add a second factor: the account allows them, and the server can use them. */
export const methodsToAdd = (settings: {
  readonly secondFactorMethods: readonly SecondFactorMethod[]
  readonly smsAvailable: boolean
}): readonly SecondFactorMethod[] =>
  settings.secondFactorMethods.filter(method => method !== 'SMS' || settings.smsAvailable)

// Methods that cannot be phished come first, and codes that work only once come last.
const order: readonly SecondFactorMethod[] = ['PASSKEY', 'TOTP', 'SMS', 'RECOVERY_CODE']

/**
 * Sorts methods in the order in which they are offered.
 *
 * @param knowsPasskeys true if this browser supports passkeys. If not, they come last.
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
