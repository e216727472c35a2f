import type { FastifyInstance } from 'fastify'

// A client that never ends its request, or never reads its answer, is cut off then.
const longestAnswerMs = 10_000

/**
 * Ends each connection with its next answer once the server is about to stop. Otherwise a client
 * that keeps its connection would hold the stop, or lose a request on it.
 *
 * @param stopping is aborted when the server is told to stop. It still answers until it is closed.
 */
export const endConnections = (app: FastifyInstance, stopping: AbortSignal): void => {
  app.addHook('onSend', async (_request, reply) => {
    if (stopping.aborted) reply.header('connection', 'close')
  })
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), longestAnswerMs).unref()
  })
}
