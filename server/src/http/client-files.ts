import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import fastifyStatic from '@fastify/static'
import escapeHtml from 'escape-html'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { appPolicy, explorerPolicy } from './content-security-policy.js'

// The client's build writes this placeholder wherever the nonce belongs.
const noncePlaceholder = /__CSP_NONCE__/g

/** What a page knows about the account before it asks the API. An empty text: nothing. */
export interface PageFacts {
  /** The default language, for visitors whose browser wants no language that has a catalogue. */
  readonly defaultLanguage: string
  readonly accountName: string
  /** The shades of the accent colour, separated by commas. */
  readonly accountShades: string
  readonly accountLogo: string
}

const noFacts: PageFacts = {
  defaultLanguage: '',
  accountName: '',
  accountShades: '',
  accountLogo: '',
}

// The page of the client contains these placeholders in attributes.
const factPlaceholders: Readonly<Record<string, keyof PageFacts>> = {
  __DEFAULT_LANGUAGE__: 'defaultLanguage',
  __ACCOUNT_NAME__: 'accountName',
  __ACCOUNT_SHADES__: 'accountShades',
  __ACCOUNT_LOGO__: 'accountLogo',
}
const factPlaceholder = /__(?:DEFAULT_LANGUAGE|ACCOUNT_NAME|ACCOUNT_SHADES|ACCOUNT_LOGO)__/g

// How long a page waits for the facts. If the database is unavailable, it shows the last known ones.
const maxWaitMs = 300

/** Sends a page with a new nonce, and with facts about the account. */
const sendPage = (
  reply: FastifyReply,
  page: string,
  policyOf: (nonce: string) => string,
  facts = noFacts,
) => {
  const nonce = randomBytes(16).toString('base64')
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policyOf(nonce))
    .header('cache-control', 'no-store')
    .send(
      // The nonce comes first: an account can have the name of a placeholder.
      page.replace(noncePlaceholder, nonce).replace(factPlaceholder, found => {
        const name = factPlaceholders[found]
        return name === undefined ? '' : escapeHtml(facts[name])
      }),
    )
}

/**
 * Serves the built SPA: its files under their own names, and its page for every other path, because
 * the SPA does the routing. The explorer is a separate page for users with the permission. The
 * others get the SPA at its path, which explains that they lack the permission.
 *
 * @param readFacts what every page contains about the account, also for visitors.
 */
export const serveClient = async (
  app: FastifyInstance,
  clientDir: string,
  mayExplore: (request: FastifyRequest) => Promise<boolean>,
  readFacts: () => Promise<PageFacts>,
): Promise<void> => {
  const readPage = (path: string) => readFile(join(clientDir, path), 'utf8').catch(() => null)
  const page = await readPage('index.html')
  if (page === null) {
    app.log.warn('The SPA is not built; only the API is served.')
    return
  }
  let facts = await readFacts().catch(() => noFacts)
  const sendApp = async (reply: FastifyReply) => {
    const reading = readFacts().then(
      found => {
        facts = found
      },
      () => undefined,
    )
    await Promise.race([reading, setTimeout(maxWaitMs, undefined, { ref: false })])
    return sendPage(reply, page, appPolicy, facts)
  }
  const explorer = await readPage('explorer/explorer.html')
  const immutableDirs = [join(clientDir, 'assets'), join(clientDir, 'explorer', 'assets')]
  await app.register(fastifyStatic, {
    root: clientDir,
    // The one route below serves the files. Hundreds of routes, one for each file, would slow down
    // the start.
    serve: false,
    cacheControl: false,
    // The build leaves lists in the folder .vite, such as the versions of all libraries.
    dotfiles: 'ignore',
    // The build has compressed the files.
    preCompressed: true,
    setHeaders: (reply, path) => {
      // The names of built files contain the hash of their content.
      const immutable = immutableDirs.some(dir => path.startsWith(dir))
      reply.header(
        'cache-control',
        immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
      )
    },
  })
  // Password managers send people to this path (W3C, A Well-Known URL for Changing Passwords).
  app.get('/.well-known/change-password', (_request, reply) =>
    reply.redirect('/account/change-password', 302),
  )
  app.get('/explorer', async (request, reply) => {
    if (!(await mayExplore(request))) return sendApp(reply)
    return explorer === null ? reply.callNotFound() : sendPage(reply, explorer, explorerPolicy)
  })
  app.get<{ Params: { '*': string } }>('/*', (request, reply) => {
    const path = request.params['*']
    // Pages need a nonce, and the SPA instead of a missing file would only confuse the client. No
    // file has a NUL in its name.
    if (path.endsWith('.html') || path.includes('\0')) return reply.callNotFound()
    if (/^(assets|explorer\/assets|\.well-known)\//.test(path) || /\.[a-z0-9]+$/i.test(path))
      return reply.sendFile(path)
    return sendApp(reply)
  })
}
