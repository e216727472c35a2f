import type { FastifyInstance, FastifyRequest } from 'fastify'
import { JsonStreamStringify } from 'json-stream-stringify'
import { passwordChangeRequired, unauthenticated } from '../graphql/api-error.js'
import type { UserEntity } from '../users/user.entity.js'
import type { MyDataService } from './my-data.service.js'

/**
 * Serves all data that is stored about the caller as JSON (RFC 8259) at /my-data.json. The response
 * is streamed, so its length does not matter.
 *
 * @param callerOf returns the user who is signed in, or null.
 */
export const serveMyData = (
  app: FastifyInstance,
  myData: MyDataService,
  callerOf: (request: FastifyRequest) => Promise<UserEntity | null>,
): void => {
  app.get('/my-data.json', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const caller = await callerOf(request)
    if (caller === null) throw unauthenticated()
    if (caller.mustChangePassword) throw passwordChangeRequired()
    const json = new JsonStreamStringify(await myData.gather(caller), undefined, 2)
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', 'attachment; filename="my-data.json"')
      .send(json)
  })
}
