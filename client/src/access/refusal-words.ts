import type { AccessRefusal } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'
import { localeOutside } from '../messages/use-locale'

/** Explain in a sentence why an action on a user is not allowed. */
export const refusalMessages: Record<AccessRefusal, PlainMessageId> = {
  PERMISSION_MISSING: 'access.refusal.PERMISSION_MISSING',
  OUTRANKED: 'access.refusal.OUTRANKED',
  SELF: 'access.refusal.SELF',
  BEYOND_OWN_ACCESS: 'access.refusal.BEYOND_OWN_ACCESS',
}

/** Explains in a sentence why an action on a user is not allowed. */
export const refusalInWords = (refusal: AccessRefusal): string =>
  localeOutside().t(refusalMessages[refusal])
