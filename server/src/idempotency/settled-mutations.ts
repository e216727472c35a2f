import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import type { Context } from '../graphql/context.js'

/** Whether a payload says nothing but: come back later. */
const isWait = (payload: unknown): boolean => {
  const errors: unknown = (payload as { errors?: unknown } | null)?.errors
  return (
    Array.isArray(errors) &&
    errors.some((error: object) => error instanceof Object && 'retryAfterSeconds' in error)
  )
}

/**
 * Has every mutation note when it came to an end that counts: it was done, or it was refused
 * for a reason that stays. Not so one that threw, for then nothing was done, nor one that
 * asks to be sent again later. In the schema rather than by the answer, which has only what
 * was selected.
 */
export const noteSettledMutations = (schema: GraphQLSchema): void => {
  for (const mutation of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve: GraphQLFieldResolver<unknown, Context> = mutation.resolve ?? defaultFieldResolver
    mutation.resolve = async (source, args, context: Context, info) => {
      const payload: unknown = await resolve(source, args, context, info)
      if (!isWait(payload)) context.answer.settled = true
      return payload
    }
  }
}
