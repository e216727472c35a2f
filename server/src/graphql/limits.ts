import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives'
import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql'
import { rootFieldsRule } from './root-fields-rule.js'

/** How much one request may ask for. Each is refused with what it exceeds, and by how much. */
export const limits = {
  /** Of a document, in bytes of the whole request. */
  bodyBytes: 100 * 1024,
  /** Names, braces and the like in a document. */
  tokens: 2_000,
  /** Fields within fields. Introspection, as tools ask for it, is deeper and not counted. */
  depth: 12,
  /** Other names for fields. */
  aliases: 30,
  /** Such as @include. */
  directives: 50,
  /** Fields of Query and Mutation in one request. */
  rootFields: 10,
  /** See `costOf`. */
  cost: 10_000,
} as const

// The rules word what they refuse as syntax errors, which they are not.
const refuse = [
  (context: ValidationContext | null, error: GraphQLError) =>
    context?.reportError(
      new GraphQLError(error.message.replace(/^Syntax Error: /, ''), {
        nodes: error.nodes ?? null,
      }),
    ),
]
const reported = { onReject: refuse, propagateOnRejection: false }

/** Validation rules that hold a request to {@link limits}; its cost is weighed once its variables are known. */
export const limitRules: readonly ValidationRule[] = [
  rootFieldsRule(limits.rootFields),
  maxDepthRule({ n: limits.depth, flattenFragments: true, ...reported }) as ValidationRule,
  maxAliasesRule({ n: limits.aliases, allowList: [], ...reported }) as ValidationRule,
  maxDirectivesRule({ n: limits.directives, ...reported }) as ValidationRule,
]
