import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default'
import type { FastifyInstance } from 'fastify'
import type { DocumentNode, GraphQLSchema } from 'graphql'
import type { RefusedReadService } from '../access/refused-read.service.js'
import { FaultLog } from '../background/fault-log.js'
import type { Config } from '../config/config.js'
import { firstGroupOf } from '../explorer/operation-collection.js'
import type { Context } from '../graphql/context.js'
import { createDocumentCache } from '../graphql/document-cache.js'
import { shapeError } from '../graphql/error-shape.js'
import { limits, requestLimits } from '../graphql/limits.js'
import { responseStatus } from '../graphql/response-status.js'
import { tracing } from '../http/tracing.js'
import { answerOnce } from '../idempotency/answer-once.js'
import type { IdempotencyService } from '../idempotency/idempotency.service.js'
import type { ProcessCounts } from './metrics.js'

// A parsed document needs many times the memory of its text.
const maxParsedCharacters = 250_000
const maxPersistedCharacters = 2_000_000

/** What the GraphQL server needs. */
interface ApolloParts {
  readonly config: Pick<Config, 'introspection' | 'apolloSandbox'>
  readonly schema: GraphQLSchema
  /** The example operations; null if there are none. */
  readonly collection: string | null
  /** The request of each error, because `formatError` does not receive it. */
  readonly requestIds: WeakMap<object, string>
  readonly counts: ProcessCounts
  readonly services: {
    readonly idempotency: IdempotencyService
    readonly refusedReads: RefusedReadService
  }
}

/** Creates Apollo Server with the limits, error format and plugins of this API. */
export const createApolloServer = (
  app: FastifyInstance,
  { config, schema, collection, requestIds, counts, services }: ApolloParts,
): ApolloServer<Context> => {
  const storing = new FaultLog(app.log, 'could not store the answer to a mutation')
  return new ApolloServer<Context>({
    schema,
    introspection: config.introspection,
    hideSchemaDetailsFromClientErrors: !config.introspection,
    csrfPrevention: true,
    // The process first answers running requests, then closes everything in order.
    stopOnTerminationSignals: false,
    persistedQueries: {
      cache: createDocumentCache((text: string) => text, maxPersistedCharacters),
    },
    documentStore: createDocumentCache(
      (document: DocumentNode) => document.loc?.source.body ?? '',
      maxParsedCharacters,
    ),
    parseOptions: { maxTokens: limits.TOKENS },
    validationOptions: { maxErrors: 20 },
    includeStacktraceInErrorResponses: false,
    formatError: (formatted, thrown) => {
      // Empty before the context exists: see `fillRequestId`.
      const requestId = requestIds.get(Object(thrown)) ?? ''
      const shaped = shapeError(formatted, thrown, {
        hideSuggestions: !config.introspection,
        requestId,
        report: fault => app.log.error({ err: fault, reqId: requestId }, 'failed'),
      })
      counts.graphqlErrors.inc({ code: String(shaped.extensions?.code) })
      return shaped
    },
    logger: {
      debug: message => app.log.debug(message),
      info: message => app.log.debug(message),
      warn: message => app.log.warn(message),
      error: message => app.log.error(message),
    },
    plugins: [
      // It would check every field for cache hints, and there are none here.
      ApolloServerPluginCacheControlDisabled(),
      tracing,
      requestLimits,
      responseStatus,
      answerOnce(services.idempotency, failure => storing.failed(failure)),
      {
        requestDidStart: async () => ({
          didResolveOperation: async ({ operationName, contextValue }) => {
            if (operationName !== null) contextValue.accessFacts.operationName = operationName
          },
          willSendResponse: async ({ operation, errors, contextValue }) => {
            if (operation?.operation !== 'query' || contextValue.caller === null) return
            if (!errors?.some(({ extensions }) => extensions.code === 'FORBIDDEN')) return
            await services.refusedReads.note(contextValue.origin, contextValue.caller.id)
          },
          didEncounterErrors: async ({ errors, contextValue }) => {
            for (const error of errors) requestIds.set(error, contextValue.origin.requestId)
          },
        }),
      },
      config.apolloSandbox
        ? ApolloServerPluginLandingPageLocalDefault({
            embed: true,
            includeCookies: true,
            ...(collection === null ? {} : { document: firstGroupOf(collection) }),
          })
        : ApolloServerPluginLandingPageDisabled(),
    ],
  })
}
