import type { FastifyReply, FastifyRequest } from 'fastify'

const daySeconds = 24 * 60 * 60

const kinds = {
  // The longest that browsers keep a cookie (RFC 6265bis, 5.6.2).
  known: { name: 'rekey_device', maxAgeSeconds: 400 * daySeconds },
  // The longest that a device is trusted. The server forgets it earlier where the account says so.
  trusted: { name: 'rekey_trusted_device', maxAgeSeconds: 30 * daySeconds },
}

/**
 * The cookie of a browser: a known one is that in which someone has signed in before, a
 * trusted one is not asked for a second factor. Neither signs anybody in: the password is
 * asked all the same.
 */
export class DeviceCookie {
  private readonly name: string
  private readonly maxAgeSeconds: number

  constructor(
    kind: keyof typeof kinds,
    private readonly secure: boolean,
  ) {
    const { name, maxAgeSeconds } = kinds[kind]
    this.name = secure ? `__Host-${name}` : name
    this.maxAgeSeconds = maxAgeSeconds
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
      maxAge: this.maxAgeSeconds,
    })
  }
}
