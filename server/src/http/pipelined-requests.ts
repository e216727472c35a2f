import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * Closes a connection on which a request arrives before the earlier one is answered. Browsers and
 * proxies don't pipeline, and Node never ends the answers that wait for their turn when such a
 * connection closes: the files they read would stay open for good.
 */
export const refusePipelinedRequests = (app: FastifyInstance): void => {
  const answers = new WeakMap<Socket, ServerResponse>()
  app.addHook('onRequest', async (request, reply) => {
    const { socket } = request.raw
    const earlier = answers.get(socket)
    answers.set(socket, reply.raw)
    if (earlier === undefined || earlier.writableEnded) return
    socket.destroy()
    reply.hijack()
  })
}
