import type { FastifyInstance } from 'fastify'

// After this time, a client that never ends its request or never reads its response is
// disconnected.
const maxAnswerMs = 10_000

/**
 * Closes each connection after its next response when the server is about to stop. Otherwise a
 * client that keeps its connection open would delay the stop, or lose a request.
 *
 * @param stopping is aborted when the server receives the signal to stop. It still answers until it
 * is closed.
 */
export const endConnections = (app: FastifyInstance, stopping: AbortSignal): void => {
  app.addHook('onSend', async (_request, reply) => {
    if (stopping.aborted) reply.header('connection', 'close')
  })
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), maxAnswerMs).unref()
  })
}
