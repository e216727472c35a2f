import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default'
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify'
import fastifyCompress from '@fastify/compress'
import fastifyCookie from '@fastify/cookie'
import fastifyHelmet from '@fastify/helmet'
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import { uuidv7 } from 'uuidv7'
import type { Config } from '../config/config.js'
import { collectionText } from '../explorer/operation-collection.js'
import { mayExplore, serveSchema } from '../explorer/schema-export.js'
import { ApiError, type ApiErrorCode, secondFactorEnrolmentRequired } from '../graphql/api-error.js'
import { type Context, contextOf } from '../graphql/context.js'
import { shapeError } from '../graphql/error-shape.js'
import { rootFieldsRule } from '../graphql/root-fields-rule.js'
import { createSchema } from '../graphql/schema.js'
import { serveMyData } from '../my-data/my-data-export.js'
import { serveOperationExport } from '../operations/operation-export.js'
import { createResolvers, type Services } from '../services.js'
import { serveClient } from './client-files.js'
import { apiPolicy, sandboxPolicy } from './content-security-policy.js'
import { DeviceCookie } from './device-cookie.js'
import { normalizeAddress } from './ip-address.js'
import { serveMetrics } from './metrics.js'
import { isAllowedOrigin } from './origin-check.js'
import type { RequestOrigin } from './request-origin.js'
import { SessionCookie } from './session-cookie.js'
import { tracing } from './tracing.js'

const bodyLimitBytes = 100 * 1024
const mostTokens = 2_000
const mostRootFields = 10

// Without a port, and never more than an address: a proxy may hand on whatever it was sent.
const addressOf = (request: FastifyRequest): string => normalizeAddress(request.ip) ?? 'unknown'

const originOf = (request: FastifyRequest): RequestOrigin => ({
  ip: addressOf(request),
  userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
  requestId: request.id,
})

/** Whose X-Forwarded-For counts: so many proxies in front, or those at these addresses. */
const trustedBy = (trust: Config['trustProxy']) =>
  typeof trust === 'number' ? (_address: string, hop: number) => hop < trust : [...trust]

/** An answer in the shape of GraphQL's errors, for faults that never reach GraphQL. */
const refusal = (message: string, code: string, extra: Record<string, unknown> = {}) => ({
  errors: [{ message, extensions: { code, ...extra } }],
})

// For routes beside GraphQL, which throw what its resolvers throw.
const statusOfCode: Partial<Record<ApiErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  BAD_USER_INPUT: 400,
}

const codeOfStatus = (status: number): string => {
  if (status === 403) return 'FORBIDDEN'
  if (status === 429) return 'RATE_LIMITED'
  return 'BAD_USER_INPUT'
}

// Our own words for each status: the parser's own messages quote the body.
const messageOfStatus: Record<number, string> = {
  413: 'The request is larger than 100 KB.',
  415: 'Send application/json.',
}

/** Refuses an address that can't be read. It passes no hook, so that its headers are set here. */
const refuseAddress = (status: number, reply: FastifyReply): FastifyReply =>
  reply
    .code(status)
    .headers({ 'content-security-policy': apiPolicy, 'x-content-type-options': 'nosniff' })
    .send(refusal('This is no valid address.', 'BAD_USER_INPUT'))

/** The HTTP side: the API at /graphql, the SPA everywhere else. */
export const createApp = async (
  config: Config,
  services: Services,
  logger: Logger,
): Promise<FastifyInstance> => {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    trustProxy: trustedBy(config.trustProxy),
    genReqId: () => uuidv7(),
    forceCloseConnections: 'idle',
    frameworkErrors: (failure, _request, reply) =>
      refuseAddress(failure.statusCode ?? 400, reply as unknown as FastifyReply),
  }) as unknown as FastifyInstance
  const secure = config.publicUrl.protocol === 'https:'
  const cookie = new SessionCookie(secure, config.session.absoluteSeconds)
  const deviceCookie = new DeviceCookie('known', secure)
  const trustedDeviceCookie = new DeviceCookie('trusted', secure)

  await app.register(fastifyHelmet, {
    // Each kind of answer sends its own.
    contentSecurityPolicy: false,
    crossOriginEmbedderPolicy: false,
    strictTransportSecurity: secure,
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
  })
  await app.register(fastifyCookie)
  await app.register(fastifyCompress, { encodings: ['gzip'] })
  // A form of another site can send text/plain without asking first.
  app.removeContentTypeParser('text/plain')

  app.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', apiPolicy)
  })
  app.addHook('onResponse', async (request, reply) => {
    // Neither query nor body: both can hold secrets.
    const [path] = request.url.split('?', 1)
    const { method } = request
    const { statusCode: status, elapsedTime } = reply
    request.log.info({ method, path, status, ms: Math.round(elapsedTime) }, 'answered')
  })
  app.setErrorHandler((failure: { statusCode?: number; code?: string }, request, reply) => {
    if (failure instanceof ApiError) {
      const status = statusOfCode[failure.code] ?? 500
      return reply.code(status).send(refusal(failure.message, failure.code))
    }
    const status = failure.statusCode ?? 500
    if (status >= 400 && status < 500) {
      const isBody = failure.code?.endsWith('_JSON_BODY') === true
      const message = isBody
        ? 'The request is not valid JSON.'
        : (messageOfStatus[status] ?? 'This request can’t be answered.')
      return reply.code(status).send(refusal(message, codeOfStatus(status)))
    }
    request.log.error({ err: failure }, 'failed')
    const extra = { requestId: request.id }
    return reply.code(500).send(refusal('Something went wrong.', 'INTERNAL_SERVER_ERROR', extra))
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(refusal('There is nothing here.', 'BAD_USER_INPUT')),
  )

  // Which request an error belongs to: formatError alone is not told.
  const requestIds = new WeakMap<object, string>()
  const schema = createSchema(createResolvers(services, config))
  const collection = await collectionText(config.collectionFile)
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: config.introspection,
    hideSchemaDetailsFromClientErrors: !config.introspection,
    csrfPrevention: true,
    // Apollo's own cache of nothing we have; without it a warning at start.
    persistedQueries: false,
    parseOptions: { maxTokens: mostTokens },
    validationRules: [rootFieldsRule(mostRootFields)],
    includeStacktraceInErrorResponses: false,
    formatError: (formatted, thrown) => {
      const requestId = requestIds.get(Object(thrown)) ?? ''
      return shapeError(formatted, thrown, requestId, fault =>
        app.log.error({ err: fault, reqId: requestId }, 'failed'),
      )
    },
    logger: {
      debug: message => app.log.debug(message),
      info: message => app.log.debug(message),
      warn: message => app.log.warn(message),
      error: message => app.log.error(message),
    },
    plugins: [
      fastifyApolloDrainPlugin(app),
      // It would look at every field for hints that nothing here has.
      ApolloServerPluginCacheControlDisabled(),
      tracing,
      {
        requestDidStart: async () => ({
          didEncounterErrors: async ({ errors, contextValue }) => {
            for (const error of errors) requestIds.set(error, contextValue.origin.requestId)
          },
        }),
      },
      config.introspection
        ? ApolloServerPluginLandingPageLocalDefault({
            embed: true,
            includeCookies: true,
            ...(collection === null ? {} : { document: collection }),
          })
        : ApolloServerPluginLandingPageDisabled(),
    ],
  })
  await apollo.start()

  const sessionOf = async (request: FastifyRequest) => {
    const token = cookie.read(request)
    return token === undefined ? null : services.sessions.find(token, addressOf(request))
  }
  const graphql = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest, reply: FastifyReply) => {
      const sessionToken = cookie.read(request)
      const session = await sessionOf(request).catch((failure: Error) => {
        const error = new GraphQLError('Something went wrong.', { originalError: failure })
        requestIds.set(error, request.id)
        throw error
      })
      return contextOf({
        origin: originOf(request),
        signedIn: session?.signedIn ?? null,
        sessionEndReason: session?.endReason ?? null,
        sessionToken,
        deviceToken: deviceCookie.read(request),
        trustedDeviceToken: trustedDeviceCookie.read(request),
        setSessionToken: token => cookie.write(reply, token),
        clearSessionToken: () => cookie.clear(reply),
        setDeviceToken: token => deviceCookie.write(reply, token),
        setTrustedDeviceToken: token => trustedDeviceCookie.write(reply, token),
      })
    },
  })
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest: async (request, reply: FastifyReply) => {
      reply.header('cache-control', 'no-store')
      if (!isAllowedOrigin(request.headers.origin, config.publicUrl)) {
        return reply.code(403).send(refusal('This origin may not call the API.', 'FORBIDDEN'))
      }
      if (request.method === 'GET' && config.introspection) {
        reply.header('content-security-policy', sandboxPolicy)
      }
    },
    handler: graphql,
  })
  // The process answers; whether it can serve is the other one.
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (request, reply) => {
    try {
      await services.pingDatabase()
      return { status: 'ok' }
    } catch (failure) {
      request.log.error({ err: failure }, 'the database does not answer')
      return reply.code(503).send({ status: 'unavailable' })
    }
  })
  if (config.metricsToken !== null) await serveMetrics(app, services, config.metricsToken)
  const callerOf = async (request: FastifyRequest) => {
    const session = await sessionOf(request)
    if (session?.signedIn?.mustEnrolSecondFactor) throw secondFactorEnrolmentRequired()
    return session?.signedIn?.user ?? null
  }
  serveOperationExport(app, services.operations, services.users, callerOf)
  serveMyData(app, services.myData, callerOf)
  serveSchema(app, schema, collection, config.introspection, callerOf)
  await serveClient(app, config.clientDir, async request => {
    const caller = await callerOf(request)
    return caller !== null && mayExplore(caller)
  })
  return app
}
