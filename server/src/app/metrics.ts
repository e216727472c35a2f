import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { unauthenticated } from '../graphql/api-error.js'
import type { MailService } from '../mail/mail.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordHasher } from '../password-hashing/password-hasher.js'
import type { WebhookOutbox } from '../webhooks/webhook-outbox.service.js'

const isToken = (header: string | undefined, token: string): boolean => {
  const [given, expected] = [Buffer.from(header ?? ''), Buffer.from(`Bearer ${token}`)]
  return given.length === expected.length && timingSafeEqual(given, expected)
}

// While the database is unavailable, the other metrics are especially important.
const countOrNaN = (count: () => Promise<number>): Promise<number> =>
  count().catch(() => Number.NaN)

/** Counts since the process started. */
export class ProcessCounts {
  /** Errors in GraphQL responses. Errors in payloads are counted as rejected operations. */
  readonly graphqlErrors = new Counter({
    name: 'graphql_errors_total',
    help: 'Errors in GraphQL responses, by extensions.code.',
    labelNames: ['code'],
    registers: [],
  })

  /** @param lostLogLines returns the number of log lines that could not be written. */
  constructor(readonly lostLogLines: () => number = () => 0) {}
}

/**
 * Serves /metrics in Prometheus's text format to callers with the token: process and event loop,
 * requests by route and status, errors by code, operations by action and outcome, running and
 * waiting hashes, waiting mails and webhook deliveries. No label contains a value that a caller
 * chose.
 */
export const serveMetrics = (
  app: FastifyInstance,
  services: {
    readonly hasher: PasswordHasher
    readonly mail: MailService
    readonly operations: OperationService
    readonly webhookOutbox: WebhookOutbox
  },
  counts: ProcessCounts,
  token: string,
): void => {
  const registry = new Registry()
  registry.registerMetric(counts.graphqlErrors)
  new Counter({
    name: 'operations_total',
    help: 'Completed and rejected operations, as in the operation list.',
    labelNames: ['action', 'outcome'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { action, outcome, count } of services.operations.counts()) {
        this.inc({ action, outcome }, count)
      }
    },
  })
  new Counter({
    name: 'rekey_log_lines_lost_total',
    help: 'Log lines that could not be written, because the disk is full or the reader of the pipe has ended.',
    registers: [registry],
    collect() {
      this.reset()
      this.inc(counts.lostLogLines())
    },
  })
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to its response.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  new Gauge({
    name: 'rekey_hashes',
    help: 'Running and waiting password hashes.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { running, waiting } = services.hasher.load()
      this.set({ state: 'running' }, running)
      this.set({ state: 'waiting' }, waiting)
    },
  })
  new Gauge({
    name: 'rekey_outbox_mails',
    help: 'Mails waiting for delivery, and mails that failed permanently.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const counts = await services.mail.counts().catch(() => null)
      this.set({ state: 'waiting' }, counts?.waiting ?? Number.NaN)
      this.set({ state: 'failed' }, counts?.failed ?? Number.NaN)
    },
  })
  new Gauge({
    name: 'rekey_outbox_oldest_seconds',
    help: 'Age of the oldest mail waiting for delivery; 0 if there is none.',
    registers: [registry],
    async collect() {
      this.set(await countOrNaN(() => services.mail.oldestWaitingSeconds()))
    },
  })
  new Gauge({
    name: 'rekey_webhook_deliveries',
    help: 'Waiting webhook deliveries.',
    registers: [registry],
    async collect() {
      this.set(await countOrNaN(() => services.webhookOutbox.countWaiting()))
    },
  })
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      // The declared route and not the requested path; otherwise every path would become a label.
      route: request.routeOptions.url ?? 'none',
      status: String(reply.statusCode),
    }
    requests.observe(labels, reply.elapsedTime / 1000)
  })
  app.get('/metrics', async (request, reply) => {
    if (!isToken(request.headers.authorization, token)) throw unauthenticated()
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}
