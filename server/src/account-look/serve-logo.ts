import type { FastifyInstance } from 'fastify'
import type { SettingsService } from '../settings/settings.service.js'
import { logoPath } from './logo-address.js'

// Uploaded content: even if a browser took it for a page, the page could do nothing.
const logoPolicy = "default-src 'none'; sandbox"

/** Serves the logo to everyone, because the sign-in page shows it. */
export const serveLogo = (app: FastifyInstance, settings: SettingsService): void => {
  app.get(logoPath, async (request, reply) => {
    const logo = await settings.readLogo()
    if (logo === null) return reply.callNotFound()
    const etag = `"${logo.version}"`
    reply
      .header('content-security-policy', logoPolicy)
      .header('x-content-type-options', 'nosniff')
      .header('etag', etag)
      // Browsers ask each time whether there is another logo.
      .header('cache-control', 'public, no-cache')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type('image/png').send(logo.png)
  })
}
