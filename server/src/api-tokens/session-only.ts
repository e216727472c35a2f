import { type MutationName, needsSession } from '@rekey/shared/access'
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { sessionRequired } from '../graphql/api-error.js'
import type { Context } from '../graphql/context.js'

/** What is told of whatever an API token can't do. */
export const takesSession = 'Takes a session: an API token is refused with `SESSION_REQUIRED`.'

/**
 * Keeps API tokens from the mutations whose rule says so, before their resolvers run, and
 * has their descriptions say so. Who calls without a token is none of its business: the resolver says what it takes.
 */
export const askForSession = (schema: GraphQLSchema): void => {
  const mutations = schema.getMutationType()?.getFields() ?? {}
  for (const [name, mutation] of Object.entries(mutations)) {
    if (!needsSession(name as MutationName)) continue
    mutation.description = [mutation.description, takesSession].join('\n\n')
    const resolve: GraphQLFieldResolver<unknown, Context> = mutation.resolve ?? defaultFieldResolver
    mutation.resolve = (source, args, context: Context, info) => {
      if (context.signedIn?.apiToken) throw sessionRequired()
      return resolve(source, args, context, info)
    }
  }
}
