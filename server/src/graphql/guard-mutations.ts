import type { MutationName } from '@rekey/shared/access'
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import type { Context } from './context.js'

/**
 * Has mutations ask for something before their resolvers run, and say so in their descriptions.
 *
 * @param isMeant which of them, by the rules in shared/access.
 * @param told what their descriptions say of it.
 * @param ask throws where the caller has not what it takes.
 */
export const guardMutations = (
  schema: GraphQLSchema,
  isMeant: (name: MutationName) => boolean,
  told: string,
  ask: (context: Context) => void,
): void => {
  const mutations = schema.getMutationType()?.getFields() ?? {}
  for (const [name, mutation] of Object.entries(mutations)) {
    if (!isMeant(name as MutationName)) continue
    mutation.description = [mutation.description, told].join('\n\n')
    const resolve: GraphQLFieldResolver<unknown, Context> = mutation.resolve ?? defaultFieldResolver
    mutation.resolve = (source, args, context: Context, info) => {
      ask(context)
      return resolve(source, args, context, info)
    }
  }
}
