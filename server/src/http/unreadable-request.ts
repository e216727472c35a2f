import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { json } from './media-type.js'
import { refusal } from './refusal.js'
import { newRequestId } from './request-id.js'

type Refusal = readonly [status: number, message: string]

const malformed: Refusal = [400, 'This is not a valid HTTP request.']

const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions are too large.'],
  HPE_HEADER_OVERFLOW: [431, 'The URL and the headers are too large.'],
}

/**
 * Whether a response has started on the socket. A second one would be read as part of the first.
 */
const hasBegunAnswer = (socket: Socket): boolean =>
  // Node's own handler uses the same property.
  (socket as { _httpMessage?: ServerResponse | null })._httpMessage?.headersSent === true

/**
 * Answers requests that Node could not parse, in place of Fastify's handler: in the usual error
 * format and with the usual headers. Without a request, no hook runs.
 */
export const refuseUnreadable =
  (headers: Readonly<Record<string, string>>, logger: Logger) =>
  (failure: Error & { readonly code?: string }, socket: Socket): void => {
    if (failure.code === 'ECONNRESET' || socket.destroyed) return
    const [status, message] = refusals[failure.code ?? ''] ?? malformed
    const requestId = newRequestId()
    // Does not log the error: it contains what was sent.
    logger.info({ reqId: requestId, status, code: failure.code }, 'unreadable request')
    if (socket.writable && !hasBegunAnswer(socket)) {
      const body = JSON.stringify(refusal(message, 'BAD_USER_INPUT', requestId))
      const lines = Object.entries({
        ...headers,
        'x-request-id': requestId,
        connection: 'close',
        'content-type': json,
        'content-length': String(Buffer.byteLength(body)),
        date: new Date().toUTCString(),
      }).map(([name, value]) => `${name}: ${value}\r\n`)
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
    }
    socket.destroySoon()
  }
