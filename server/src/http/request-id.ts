import type { IncomingMessage } from 'node:http'
import { uuidv7 } from 'uuidv7'

const ids = new WeakMap<object, string>()

/** A fresh id of a request. What a client sends is never used: it could imitate another one. */
export const newRequestId = (): string => uuidv7()

/** The id of a request, by which the log, the operation list and the answer name it. */
export const requestIdOf = (request: IncomingMessage): string => {
  const known = ids.get(request)
  if (known !== undefined) return known
  const id = newRequestId()
  ids.set(request, id)
  return id
}
