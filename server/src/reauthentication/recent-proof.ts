import { reauthenticationRequired } from '../graphql/api-error.js'
import type { Caller } from '../users/caller.js'

/** For so long a proof of who someone is counts as recent. */
export const proofLastsMs = 10 * 60 * 1000

// Clocks of instances differ. A proof from later than that was given when the clock was ahead.
const clockToleranceMs = 60 * 1000

const hasRecentProof = ({ provedAt }: NonNullable<Caller['session']>): boolean => {
  const age = Date.now() - provedAt.getTime()
  return age <= proofLastsMs && age >= -clockToleranceMs
}

/**
 * Requires a recent proof of identity, for a mutation of which only a part is sensitive. Where all
 * of it is, `@RequireRecentProof` stands at the mutation. API tokens are exempt: their owner gave
 * the proof when the token was created, and a program cannot give another.
 *
 * @throws REAUTHENTICATION_REQUIRED when the last proof is too old.
 */
export const requireRecentProof = ({ session }: Caller): void => {
  if (session !== null && !hasRecentProof(session)) throw reauthenticationRequired()
}
