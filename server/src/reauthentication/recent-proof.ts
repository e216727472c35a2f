import { reauthenticationRequired } from '../graphql/api-error.js'
import type { Caller } from '../users/caller.js'

/** How long a proof of identity counts as recent, in milliseconds. */
export const proofLastsMs = 10 * 60 * 1000

// The clocks of instances differ. If a proof is further in the future, the clock was wrong when
// it was given.
const clockToleranceMs = 60 * 1000

const hasRecentProof = ({ provedAt }: NonNullable<Caller['session']>): boolean => {
  const age = Date.now() - provedAt.getTime()
  return age <= proofLastsMs && age >= -clockToleranceMs
}

/**
 * Requires a recent proof of identity, for mutations that are sensitive only in part. Mutations
 * that are always sensitive use `@RequireRecentProof`. API tokens are exempt: their owner gave
 * the proof when the token was created, and a program cannot give another.
 *
 * @throws REAUTHENTICATION_REQUIRED if the last proof is too old.
 */
export const requireRecentProof = ({ session }: Caller): void => {
  if (session !== null && !hasRecentProof(session)) throw reauthenticationRequired()
}
