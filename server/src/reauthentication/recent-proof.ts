import { reauthenticationRequired } from '../graphql/api-error.js'
import type { Caller } from '../users/caller.js'

/** For so long a proof of who someone is counts as recent. */
export const proofLastsMs = 10 * 60 * 1000

const hasRecentProof = (session: NonNullable<Caller['session']>): boolean =>
  Date.now() - session.provedAt.getTime() <= proofLastsMs

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
