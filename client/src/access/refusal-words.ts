import type { AccessRefusal } from '../gql/graphql'

const sentences: Record<AccessRefusal, string> = {
  PERMISSION_MISSING: 'You lack the permission for this.',
  OUTRANKED: 'They outrank you, or have a permission that you don’t.',
  SELF: 'Nobody may do this to themselves.',
  BEYOND_OWN_ACCESS: 'You can’t give more than you have yourself.',
}

/** Explains in a sentence why an action on a user is not allowed. */
export const refusalInWords = (refusal: AccessRefusal): string => sentences[refusal]
