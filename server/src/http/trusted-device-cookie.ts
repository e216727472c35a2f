import type { FastifyReply, FastifyRequest } from 'fastify'

/** The longest that a device is trusted. The server forgets it earlier where the account says so. */
const maxAgeSeconds = 30 * 24 * 60 * 60

/** The cookie of a browser that is not asked for a second factor. The password is asked all the same. */
export class TrustedDeviceCookie {
  private readonly name: string

  constructor(private readonly secure: boolean) {
    this.name = secure ? '__Host-rekey_trusted_device' : 'rekey_trusted_device'
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
