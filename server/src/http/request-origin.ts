import type { FastifyRequest } from 'fastify'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { CookieTokens } from './answer-cookies.js'
import { normalizeAddress } from './ip-address.js'
import { newRequestId } from './request-id.js'

/** A request to execute once, because it has an Idempotency-Key. */
export interface ExecutedOnce {
  /**
   * Records that the request was executed, in the transaction that does its work.
   *
   * @param tokens the new tokens that replace the caller's credential. A repeat must receive them
   * even if the answer is lost.
   * @throws IDEMPOTENCY_KEY_IN_USE if another request has taken over.
   */
  markDone(unit: WritingUnitOfWork, tokens?: CookieTokens): Promise<void>
}

/** Where a request came from, as stored in operations and sessions. */
export interface RequestOrigin {
  /** The normalized address of the caller; `unknown` if a proxy does not provide one. */
  readonly ip: string
  /** The caller's User-Agent, cut to 300 characters. */
  readonly userAgent: string
  /** Identifies the request in the log and in operations. */
  readonly requestId: string
  /** The first characters of the caller's API token; undefined without one. */
  readonly apiTokenPrefix?: string
  /** Undefined without an Idempotency-Key. */
  readonly executedOnce?: ExecutedOnce
}

// Some proxies add the port; an IPv6 address is then in brackets.
const withoutPort = (text: string): string =>
  text.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1')

/**
 * The address without a port. Never returns anything but an address: a proxy may forward any text.
 */
export const addressOf = (request: FastifyRequest): string =>
  // The connection may have been closed in the meantime. Then it has no address.
  normalizeAddress(withoutPort(request.ip ?? '')) ?? 'unknown'

/**
 * Where a request came from.
 *
 * @param apiTokenPrefix the first characters of the API token, if the request has one.
 */
export const originOf = (request: FastifyRequest, apiTokenPrefix?: string): RequestOrigin => ({
  ip: addressOf(request),
  userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
  requestId: request.id,
  ...(apiTokenPrefix === undefined ? {} : { apiTokenPrefix }),
})

/**
 * The origin of an action on this machine, without a request.
 *
 * @param ip the text to use as the address.
 * @param userAgent the text to use as the browser.
 */
export const localOrigin = (ip: string, userAgent: string): RequestOrigin => ({
  ip,
  userAgent,
  requestId: newRequestId(),
})
