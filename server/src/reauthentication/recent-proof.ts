import { needsReauthentication } from '@rekey/shared/access'
import type { GraphQLSchema } from 'graphql'
import { reauthenticationRequired } from '../graphql/api-error.js'
import type { Caller } from '../graphql/context.js'
import { guardMutations } from '../graphql/guard-mutations.js'
import type { SessionEntity } from '../sessions/session.entity.js'

/** For so long a proof of who someone is counts as recent. */
export const proofLastsMs = 10 * 60 * 1000

const hasRecentProof = (session: SessionEntity): boolean =>
  Date.now() - session.provedAt.getTime() <= proofLastsMs

/**
 * Asks for a recent proof of who is calling, where only some of what a mutation does is
 * dangerous. Where all of it is, `mutationRules` in shared/access says so. Who calls by an
 * API token gave it when they created the token: nobody sits there who could give another.
 *
 * @throws REAUTHENTICATION_REQUIRED when the last one is too old.
 */
export const requireRecentProof = ({ session }: Caller): void => {
  if (session !== null && !hasRecentProof(session)) throw reauthenticationRequired()
}

const told = `Takes a proof of who is calling that is no older than ${proofLastsMs / 60_000} minutes, else \`REAUTHENTICATION_REQUIRED\`: \`reauthenticate\` gives one.`

/**
 * Has the mutations whose rule says so ask for a recent proof of who is calling (OWASP ASVS 5.0,
 * 7.5.1). Who is not signed in is none of its business: the resolver says so.
 */
export const askForRecentProof = (schema: GraphQLSchema): void =>
  guardMutations(schema, needsReauthentication, told, ({ signedIn }) => {
    if (signedIn !== null) requireRecentProof(signedIn)
  })
