import type { FastifyReply } from 'fastify'
import type { DeviceCookie } from './device-cookie.js'
import type { SessionCookie } from './session-cookie.js'

/** The tokens that an answer sends as cookies; null removes the session cookie. */
export interface CookieTokens {
  readonly session?: string | null
  readonly device?: string
  readonly trustedDevice?: string
}

/** The kinds of cookies that this server sends. */
export interface Cookies {
  readonly session: SessionCookie
  readonly device: DeviceCookie
  readonly trustedDevice: DeviceCookie
}

/** The cookies of one answer. */
export class AnswerCookies {
  private tokens: CookieTokens = {}

  constructor(
    private readonly cookies: Cookies,
    private readonly reply: FastifyReply,
  ) {}

  /** The tokens that were set so far. */
  get sent(): CookieTokens {
    return this.tokens
  }

  /** Sets these cookies and keeps those that were set before. */
  set(tokens: CookieTokens): void {
    this.tokens = { ...this.tokens, ...tokens }
    const { session, device, trustedDevice } = tokens
    if (session === null) this.cookies.session.clear(this.reply)
    else if (session !== undefined) this.cookies.session.write(this.reply, session)
    if (device !== undefined) this.cookies.device.write(this.reply, device)
    if (trustedDevice !== undefined) this.cookies.trustedDevice.write(this.reply, trustedDevice)
  }
}
