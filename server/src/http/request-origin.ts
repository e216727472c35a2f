import type { FastifyRequest } from 'fastify'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { CookieTokens } from './answer-cookies.js'
import { normalizeAddress } from './ip-address.js'
import { newRequestId } from './request-id.js'

/** A request that is to be executed once, because it came with an Idempotency-Key. */
export interface ExecutedOnce {
  /**
   * Writes down that the request is done, in the transaction that does its work.
   *
   * @param tokens the successor of the caller's credential, which a repeat must receive even if
   * the answer is lost.
   * @throws IDEMPOTENCY_KEY_IN_USE when another request has taken over.
   */
  markDone(unit: WritingUnitOfWork, tokens?: CookieTokens): Promise<void>
}

/** Where a request came from, as far as operations and sessions keep it. */
export interface RequestOrigin {
  /** Address of the caller, in its usual spelling; `unknown` when what is in front tells none. */
  readonly ip: string
  /** The caller's User-Agent, cut to 300 characters. */
  readonly userAgent: string
  /** Names the request in the log and in operations. */
  readonly requestId: string
  /** What the API token begins with that the caller calls by; left out when they don't. */
  readonly apiTokenPrefix?: string
  /** Left out without an Idempotency-Key. */
  readonly executedOnce?: ExecutedOnce
}

// Some proxies tell the port as well, an IPv6 address in brackets then.
const withoutPort = (text: string): string =>
  text.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1')

/** Without a port, and never more than an address: a proxy may hand on whatever it was sent. */
export const addressOf = (request: FastifyRequest): string =>
  // A connection that broke off meanwhile has none any more.
  normalizeAddress(withoutPort(request.ip ?? '')) ?? 'unknown'

/**
 * Where a request came from.
 *
 * @param apiTokenPrefix what the token begins with that it is made by, if any.
 */
export const originOf = (request: FastifyRequest, apiTokenPrefix?: string): RequestOrigin => ({
  ip: addressOf(request),
  userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
  requestId: request.id,
  ...(apiTokenPrefix === undefined ? {} : { apiTokenPrefix }),
})

/**
 * The origin of what is done on this machine, without a request.
 *
 * @param ip what stands in place of an address.
 * @param userAgent what stands in place of a browser.
 */
export const localOrigin = (ip: string, userAgent: string): RequestOrigin => ({
  ip,
  userAgent,
  requestId: newRequestId(),
})
