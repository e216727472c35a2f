import type { FastifyReply, FastifyRequest } from 'fastify'

/** The longest that browsers keep a cookie (RFC 6265bis, 5.6.2). */
const maxAgeSeconds = 400 * 24 * 60 * 60

/** The cookie that marks a browser in which someone has signed in before. */
export class DeviceCookie {
  private readonly name: string

  constructor(private readonly secure: boolean) {
    this.name = secure ? '__Host-rekey_device' : 'rekey_device'
  }

  /** The token a request came with, if any. */
  read(request: FastifyRequest): string | undefined {
    return request.cookies[this.name]
  }

  /** Sends a token. */
  write(reply: FastifyReply, token: string): void {
    reply.setCookie(this.name, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: this.secure,
      maxAge: maxAgeSeconds,
    })
  }
}
