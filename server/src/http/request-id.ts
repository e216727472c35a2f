import type { IncomingMessage } from 'node:http'
import { uuidv7 } from 'uuidv7'

const ids = new WeakMap<object, string>()

/**
 * A new request id. An id sent by the client is never used, because it could imitate another one.
 */
export const newRequestId = (): string => uuidv7()

/** The id of a request, used in the log, the operation list and the response. */
export const requestIdOf = (request: IncomingMessage): string => {
  const existing = ids.get(request)
  if (existing !== undefined) return existing
  const id = newRequestId()
  ids.set(request, id)
  return id
}
