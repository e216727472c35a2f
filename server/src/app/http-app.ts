import { fastifyApolloHandler } from '@as-integrations/fastify'
import fastifyCompress from '@fastify/compress'
import fastifyCookie from '@fastify/cookie'
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import { pageLookOf } from '../account-look/page-look.js'
import { serveLogo } from '../account-look/serve-logo.js'
import type { Config } from '../config/config.js'
import type { DatabaseUnavailable } from '../database/unavailable.js'
import { collectionText } from '../explorer/operation-collection.js'
import { mayExplore, serveSchema } from '../explorer/schema-export.js'
import {
  ApiError,
  type ApiErrorCode,
  secondFactorEnrolmentRequired,
  serviceUnavailable,
  sessionRequired,
} from '../graphql/api-error.js'
import { contextOf } from '../graphql/context.js'
import { unavailableIn } from '../graphql/error-shape.js'
import { exceededBy, LimitExceeded, limits } from '../graphql/limits.js'
import { factsOf, logAnswers } from '../http/access-log.js'
import { AnswerCookies } from '../http/answer-cookies.js'
import { bearerTokenOf, hasMisplacedToken } from '../http/bearer-token.js'
import { serveClient } from '../http/client-files.js'
import { boundConcurrentDownloads, boundConcurrentRequests } from '../http/concurrent-requests.js'
import { apiPolicy } from '../http/content-security-policy.js'
import { DeviceCookie } from '../http/device-cookie.js'
import {
  admitGraphqlDocument,
  admitGraphqlRequest,
  fillRequestId,
  graphqlPath,
  refuseMethod,
} from '../http/graphql-request.js'
import { boundHeaders } from '../http/header-bounds.js'
import { boundNesting } from '../http/json-body.js'
import { refuseDownloadsFromElsewhere, refuseOtherSites } from '../http/origin-check.js'
import { allowOtherOrigins } from '../http/other-origins.js'
import { refusePipelinedRequests } from '../http/pipelined-requests.js'
import { limitRates } from '../http/rate-limit.js'
import { refuse } from '../http/refusal.js'
import { requestIdOf } from '../http/request-id.js'
import { originOf } from '../http/request-origin.js'
import { addCharsets, responseWith, safeHeadersOf } from '../http/safe-headers.js'
import { SessionCookie } from '../http/session-cookie.js'
import { endConnections } from '../http/stopping.js'
import { refuseUnreadable } from '../http/unreadable-request.js'
import { closeUnusedSockets } from '../http/unused-sockets.js'
import { Language } from '../messages/language.js'
import { serveMyData } from '../my-data/my-data-export.js'
import type { OperationAction } from '../operations/operation.entity.js'
import { serveOperationExport } from '../operations/operation-export.js'
import { serveUserExport, userExportPath } from '../user-export/user-export.js'
import { createApolloServer } from './apollo-server.js'
import { Authenticator } from './authentication.js'
import type { Features } from './features.js'
import { type ProcessCounts, serveMetrics } from './metrics.js'
import { createSchema } from './schema.js'

/**
 * Which X-Forwarded-For headers to trust: those of a number of proxies in front, or of proxies at
 * these addresses.
 */
const trustedBy = (trust: Config['trustProxy']) =>
  typeof trust === 'number' ? (_address: string, hop: number) => hop < trust : [...trust]

// For routes beside GraphQL, which throw the same errors as resolvers.
const statusOfCode: Partial<Record<ApiErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  SESSION_REQUIRED: 403,
  BAD_USER_INPUT: 400,
}

const codeOfStatus = (status: number): string => {
  if (status === 403) return 'FORBIDDEN'
  if (status === 429) return 'RATE_LIMITED'
  return 'BAD_USER_INPUT'
}

// Own messages for some statuses, because the parser's messages quote the body.
const messageOfStatus: Record<number, string> = {
  415: 'Send application/json.',
}

/** Rejects a body that is too large. Its size is what the client declared, if it did. */
const refuseBody = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const found = Number(request.headers['content-length'])
  const refused = exceededBy({ BYTES: found })
  if (refused === null)
    return refuse(reply, 413, 'The request is larger than 100 KB.', 'BAD_USER_INPUT')
  return refuse(reply, 413, refused.message, refused.code, { exceeded: refused.exceeded })
}

/** Removes headers of the response that was started: an error is neither compressed nor a file. */
const forgetAnswer = (reply: FastifyReply): void => {
  for (const name of ['content-encoding', 'content-disposition']) reply.removeHeader(name)
}

/** Asks the caller to retry, because the database is unavailable. */
const refuseUnavailable = (reply: FastifyReply, failure: DatabaseUnavailable): FastifyReply => {
  const { retryAfterSeconds } = failure
  const { message, code } = serviceUnavailable(failure)
  forgetAnswer(reply)
  reply.header('retry-after', String(retryAfterSeconds)).header('cache-control', 'no-store')
  return refuse(reply, 503, message, code, { retryAfterSeconds })
}

/**
 * Creates the HTTP server: the API at /graphql, the SPA everywhere else.
 *
 * @param stopping is aborted when the server is about to stop. It still answers then, but is not
 * ready.
 * @param counts what /metrics shows beside the figures of the services.
 */
export const createHttpApp = async (
  config: Config,
  { services, resolvers }: Features,
  logger: Logger,
  stopping: AbortSignal,
  counts: ProcessCounts,
): Promise<FastifyInstance> => {
  const secure = config.publicUrl.protocol === 'https:'
  const safeHeaders = safeHeadersOf(secure, apiPolicy)
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.BYTES,
    trustProxy: trustedBy(config.trustProxy),
    // From the first byte to the last. A client that never ends its request would otherwise keep
    // the socket forever.
    requestTimeout: 60_000,
    // A client that never reads its answer would otherwise keep the connection forever. Every answer
    // begins within this time.
    connectionTimeout: 60_000,
    genReqId: requestIdOf,
    forceCloseConnections: 'idle',
    // Requests that arrive during the stop are answered as usual.
    return503OnClosing: false,
    http: { ServerResponse: responseWith(safeHeaders) },
    clientErrorHandler: refuseUnreadable(safeHeaders, logger),
    // A URL that cannot be parsed. The request passes no hooks, so the access log does not contain
    // it.
    frameworkErrors: (failure, request, reply) => {
      const status = failure.statusCode ?? 400
      request.log.info({ status }, 'unreadable URL')
      const message = 'This is not a valid URL.'
      return refuse(reply as unknown as FastifyReply, status, message, 'BAD_USER_INPUT')
    },
  }) as unknown as FastifyInstance
  const cookies = {
    session: new SessionCookie(secure, config.session.absoluteSeconds),
    device: new DeviceCookie('known', secure),
    trustedDevice: new DeviceCookie('trusted', secure),
  }

  closeUnusedSockets(app)
  refusePipelinedRequests(app)
  endConnections(app, stopping)
  boundHeaders(app)
  addCharsets(app)
  await app.register(fastifyCookie)
  await app.register(fastifyCompress, { encodings: ['gzip'] })
  // A form on another site can send text/plain without a preflight request.
  app.removeContentTypeParser('text/plain')
  boundNesting(app)

  logAnswers(app)
  // Run before the server reads cookies or bodies, or queries the database.
  refuseOtherSites(app, config.publicUrl, config.allowedOrigins)
  // Before the rate limit, so that a page can read when to try again.
  allowOtherOrigins(app, config.allowedOrigins)
  limitRates(app, config.rateLimits)
  app.setErrorHandler(async (failure: { statusCode?: number; code?: string }, request, reply) => {
    if (failure instanceof LimitExceeded) {
      return refuse(reply, 400, failure.message, failure.code, { exceeded: failure.exceeded })
    }
    if (failure instanceof ApiError) {
      const status = statusOfCode[failure.code] ?? 500
      const { actorId, tokenPrefix } = factsOf(request)
      if (failure.code === 'FORBIDDEN' && actorId !== undefined) {
        await services.refusedReads.note(originOf(request, tokenPrefix), actorId)
      }
      return refuse(reply, status, failure.message, failure.code)
    }
    const unavailable = unavailableIn(failure)
    if (unavailable !== null) return refuseUnavailable(reply, unavailable)
    const status = failure.statusCode ?? 500
    if (status >= 400 && status < 500) {
      if (status === 413) return refuseBody(request, reply)
      const isBody = failure.code?.endsWith('_JSON_BODY') === true
      const message = isBody
        ? 'The request is not valid JSON.'
        : (messageOfStatus[status] ?? 'This request cannot be answered.')
      return refuse(reply, status, message, codeOfStatus(status))
    }
    request.log.error({ err: failure }, 'failed')
    forgetAnswer(reply)
    return refuse(reply, 500, 'Something went wrong.', 'INTERNAL_SERVER_ERROR')
  })
  app.setNotFoundHandler((request, reply) => {
    const [path] = request.url.split('?', 1)
    if (path === graphqlPath) return refuseMethod(reply)
    return refuse(reply, 404, 'There is nothing here.', 'BAD_USER_INPUT')
  })

  const schema = createSchema(resolvers)
  const collection = await collectionText(config.collectionFile)
  const requestIds = new WeakMap<object, string>()
  const apollo = createApolloServer(app, {
    config,
    schema,
    collection,
    requestIds,
    counts,
    services,
  })
  await apollo.start()
  app.addHook('onClose', () => apollo.stop())

  const authenticator = new Authenticator(services, cookies.session)
  // RFC 6750, 3. These headers do not make a browser show a password prompt.
  app.addHook('onSend', async (request, reply) => {
    if (reply.statusCode !== 401) return
    const brought = bearerTokenOf(request) !== undefined || hasMisplacedToken(request)
    reply.header('www-authenticate', brought ? 'Bearer error="invalid_token"' : 'Bearer')
  })
  const graphql = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest, reply: FastifyReply) => {
      const found = await authenticator.authenticate(request).catch((failure: Error) => {
        const unavailable = unavailableIn(failure)
        const error =
          failure instanceof ApiError
            ? failure
            : unavailable !== null
              ? serviceUnavailable(unavailable)
              : new GraphQLError('Something went wrong.', { originalError: failure })
        requestIds.set(error, request.id)
        throw error
      })
      const origin = originOf(request, found.caller?.apiToken?.prefix)
      return contextOf({
        ...found,
        origin,
        language: Language.ofRequest(request.headers['accept-language']),
        accessFacts: factsOf(request),
        deviceToken: cookies.device.read(request),
        trustedDeviceToken: cookies.trustedDevice.read(request),
        cookies: new AnswerCookies(cookies, reply),
        recordRefusal: (action: OperationAction, userId) =>
          found.caller === null
            ? Promise.resolve()
            : services.guard.recordRefusal(origin, action, found.caller, userId),
      })
    },
  })
  app.route({
    method: ['GET', 'POST'],
    url: graphqlPath,
    exposeHeadRoute: false,
    onRequest: admitGraphqlRequest(config),
    preHandler: admitGraphqlDocument,
    onSend: fillRequestId,
    handler: boundConcurrentRequests(cookies.session, async (request, reply) =>
      graphql.call(app, request, reply),
    ),
  })
  // Only shows that the process responds; /readyz shows whether it can serve.
  app.get('/healthz', async () => ({ status: 'ok' }))
  services.readiness.onChange(readiness => {
    if (readiness.isReady) logger.info('The database is available again.')
    else logger.error({ err: readiness.failure }, readiness.cause)
  })
  app.get('/readyz', async (_request, reply) => {
    if (stopping.aborted) return reply.code(503).send({ status: 'stopping' })
    const { isReady } = await services.readiness.check()
    if (isReady) return { status: 'ok' }
    return reply.code(503).header('retry-after', '2').send({ status: 'unavailable' })
  })
  if (config.metricsToken !== null) serveMetrics(app, services, counts, config.metricsToken)
  const callerOf = async (request: FastifyRequest) => {
    const { caller } = await authenticator.authenticate(request)
    if (caller?.mustEnrolSecondFactor) throw secondFactorEnrolmentRequired()
    return caller
  }
  const callerInSessionOf = async (request: FastifyRequest) => {
    const caller = await callerOf(request)
    if (caller !== null && caller.apiToken !== null) throw sessionRequired()
    return caller
  }
  const downloads = ['/operations.csv', '/my-data.json', userExportPath]
  refuseDownloadsFromElsewhere(app, downloads)
  boundConcurrentDownloads(app, cookies.session, downloads)
  serveOperationExport(app, services.operations, services.users, callerOf)
  serveUserExport(app, services.userExport, callerOf)
  serveMyData(app, services.myData, callerInSessionOf)
  serveLogo(app, services.settings)
  serveSchema(app, schema, collection, config.introspection, callerOf)
  await serveClient(
    app,
    config.clientDir,
    async request => {
      const caller = await callerOf(request)
      return caller !== null && caller.apiToken === null && mayExplore(caller)
    },
    async () => ({
      defaultLanguage: (await services.settings.readAccountDefaults()).defaultLanguage,
      ...pageLookOf(await services.settings.readLook()),
    }),
  )
  return app
}
