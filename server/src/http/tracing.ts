import type { ApolloServerPlugin } from '@apollo/server'
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { getOperationAST } from 'graphql'
import type { Context } from '../graphql/context.js'

/**
 * Creates a span for each GraphQL operation (OpenTelemetry, semantic conventions for GraphQL
 * server). Without an OpenTelemetry SDK in the process, which is the usual case, this does nothing.
 * The span contains neither the document nor its variables.
 */
export const tracing: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    executionDidStart: async ({ document, operationName, contextValue }) => {
      // Null if the document has no operation of that name.
      const operation = getOperationAST(document, operationName)
      if (operation === null || operation === undefined) return
      const span = trace.getTracer('rekey').startSpan(`graphql ${operation.operation}`, {
        kind: SpanKind.SERVER,
        attributes: {
          'graphql.operation.type': operation.operation,
          ...(operationName === null ? {} : { 'graphql.operation.name': operationName }),
          'rekey.request.id': contextValue.origin.requestId,
        },
      })
      return {
        executionDidEnd: async failure => {
          if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
          span.end()
        },
      }
    },
  }),
}
