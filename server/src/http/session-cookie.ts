import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * The cookie with the session token. With TLS its name begins with `__Host-`, which browsers accept
 * only from exactly this host (RFC 6265bis, 4.1.3.2).
 */
export class SessionCookie {
  readonly name: string

  constructor(
    private readonly secure: boolean,
    private readonly maxAgeSeconds: number,
  ) {
    this.name = secure ? '__Host-rekey_session' : 'rekey_session'
  }

  /** The token of a request, if there is one. */
  read(request: FastifyRequest): string | undefined {
    const token = request.cookies[this.name]
    return token === undefined || token === '' ? undefined : token
  }

  /** Sends a token as a cookie. */
  write(reply: FastifyReply, token: string): void {
    reply.setCookie(this.name, token, { ...this.attributes(), maxAge: this.maxAgeSeconds })
  }

  /** Removes the cookie. */
  clear(reply: FastifyReply): void {
    reply.clearCookie(this.name, this.attributes())
  }

  private attributes() {
    return { path: '/', httpOnly: true, sameSite: 'lax', secure: this.secure } as const
  }
}
