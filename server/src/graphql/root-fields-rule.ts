import { GraphQLError, type ValidationRule } from 'graphql'

/**
 * Bounds how often one request may call the root fields. A hundred aliases of one
 * mutation would otherwise be one request to every limit that counts requests.
 */
export const rootFieldsRule =
  (most: number): ValidationRule =>
  context => {
    let count = 0
    return {
      Field: field => {
        const parent = context.getParentType()
        const schema = context.getSchema()
        if (parent !== schema.getQueryType() && parent !== schema.getMutationType()) return
        count += 1
        if (count === most + 1) {
          const message = `A request takes at most ${most} fields of Query or Mutation.`
          context.reportError(new GraphQLError(message, { nodes: field }))
        }
      },
    }
  }
