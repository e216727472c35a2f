import { type MutationName, needsReauthentication } from '@rekey/shared/access'
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { reauthenticationRequired } from '../graphql/api-error.js'
import type { Caller, Context } from '../graphql/context.js'
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
 * Has the mutations whose rule says so ask for a recent proof of who is calling, before
 * their resolvers run (OWASP ASVS 5.0, 7.5.1), and say so in their descriptions. Who
 * is not signed in is none of its business: the resolver says so.
 */
export const askForRecentProof = (schema: GraphQLSchema): void => {
  const mutations = schema.getMutationType()?.getFields() ?? {}
  for (const [name, mutation] of Object.entries(mutations)) {
    if (!needsReauthentication(name as MutationName)) continue
    mutation.description = [mutation.description, told].join('\n\n')
    const resolve: GraphQLFieldResolver<unknown, Context> = mutation.resolve ?? defaultFieldResolver
    mutation.resolve = (source, args, context: Context, info) => {
      if (context.signedIn !== null) requireRecentProof(context.signedIn)
      return resolve(source, args, context, info)
    }
  }
}
