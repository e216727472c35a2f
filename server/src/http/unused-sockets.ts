import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * Closes sockets without any request when the server stops. Browsers open some in advance. Node
 * does not treat them as idle, and would wait for them.
 */
export const closeUnusedSockets = (app: FastifyInstance): void => {
  const unused = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  app.server.on('request', ({ socket }) => unused.delete(socket))
  app.addHook('preClose', async () => {
    for (const socket of unused) socket.destroy()
  })
}
