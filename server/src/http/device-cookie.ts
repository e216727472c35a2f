import type { FastifyReply, FastifyRequest } from 'fastify'

const daySeconds = 24 * 60 * 60

const kinds = {
  // The maximum lifetime that browsers allow for a cookie (RFC 6265bis, 5.6.2).
  known: { name: 'rekey_device', maxAgeSeconds: 400 * daySeconds },
  // The maximum time that a device is trusted. The account's settings may shorten it.
  trusted: { name: 'rekey_trusted_device', maxAgeSeconds: 30 * daySeconds },
}

/**
 * The cookie of a known or a trusted browser. In a known browser someone has signed in before; a
 * trusted browser needs no second factor. Neither cookie signs anyone in: the password is still
 * required.
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

  /** The token of a request, if there is one. */
  read(request: FastifyRequest): string | undefined {
    return request.cookies[this.name]
  }

  /** Sends a token as a cookie. */
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
