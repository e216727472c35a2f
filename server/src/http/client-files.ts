import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { appPolicy } from './content-security-policy.js'

// The placeholder the client's build leaves wherever the nonce belongs.
const noncePlaceholder = /__CSP_NONCE__/g

/**
 * Serves the built SPA: its files under their own names, and its page for every
 * other address, since the SPA knows what they mean.
 */
export const serveClient = async (app: FastifyInstance, clientDir: string): Promise<void> => {
  const page = await readFile(join(clientDir, 'index.html'), 'utf8').catch(() => null)
  if (page === null) {
    app.log.warn('The SPA is not built; only the API is served.')
    return
  }
  await app.register(fastifyStatic, {
    root: clientDir,
    // By the one route below: hundreds of them, one a file, make a slow start.
    serve: false,
    cacheControl: false,
    // Compressed when they were built.
    preCompressed: true,
    setHeaders: (reply, path) => {
      // Built files carry their content's hash in their names.
      const immutable = path.includes(join(clientDir, 'assets'))
      reply.header(
        'cache-control',
        immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
      )
    },
  })
  // Where password managers send people (W3C, A Well-Known URL for Changing Passwords).
  app.get('/.well-known/change-password', (_request, reply) =>
    reply.redirect('/account/change-password', 302),
  )
  app.get<{ Params: { '*': string } }>('/*', (request, reply) => {
    const path = request.params['*']
    // A page in place of a file that is not there would only confuse the asker.
    if (path === 'index.html') return reply.callNotFound()
    if (/^(assets|\.well-known)\//.test(path) || /\.[a-z0-9]+$/i.test(path))
      return reply.sendFile(path)
    const nonce = randomBytes(16).toString('base64')
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', appPolicy(nonce))
      .header('cache-control', 'no-store')
      .send(page.replace(noncePlaceholder, nonce))
  })
}
