import { permissionsOf } from '@rekey/shared/access'
import { uuidv7 } from 'uuidv7'
import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { localOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { OperationEntity } from '../operations/operation.entity.js'
import type { OperationObserver, OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { UserService } from '../users/user.service.js'
import { type EventType, type SentEventType, testEventType } from './event-types.js'
import type { WebhookDisabledReason, WebhookEntity } from './webhook.entity.js'
import * as store from './webhook.store.js'
import type { WebhookDeliveryEntity } from './webhook-delivery.entity.js'
import { webhookDisabledMail } from './webhook-disabled.mail.js'
import type { WebhookEventEntity } from './webhook-event.entity.js'
import { bodyOf, causedEventsOf, eventOf, testEventOf } from './webhook-event.js'
import type { SendOutcome, WebhookSender } from './webhook-sender.js'
import { signatureOf } from './webhook-signature.js'

/** The purpose and the owner that a webhook's secrets are sealed for. */
export const secretOf = (webhookId: string) => ({ purpose: 'webhook', owner: webhookId })

/** Attempts before a delivery is given up. With the default waits they span about 44 hours. */
const maxAttempts = 11

const growth = 4
const maxWaitMs = 12 * 60 * 60 * 1000
/**
 * Fraction by which a wait is randomly longer or shorter, so that retries do not all come at
 * once after an outage.
 */
const jitter = 0.2
/** The furthest ahead that an attempt can be planned, unless the clock was wrong. */
const maxPlannedMs = maxWaitMs * (1 + jitter)
const disableAfterMs = 3 * 24 * 60 * 60 * 1000
const retentionMs = 30 * 24 * 60 * 60 * 1000
const maxConcurrent = 16
const maxConcurrentPerWebhook = 4
/** Time added to the request timeout, for the work before and after the request. */
const claimMarginMs = 60_000
/** How long requests may still run after the server begins to stop. */
const stopTimeoutMs = 5_000
const sweepBatch = 1_000
const readBatch = 1_000

const secretUnreadable = {
  status: null,
  failure: 'SECRET_UNREADABLE',
  excerpt: null,
  retryAfterSeconds: null,
  durationMs: 0,
} as const

/** A delivery that this instance has claimed and will send. */
interface Claimed extends store.DeliveredEvent {
  readonly webhook: WebhookEntity
}

/**
 * Sends events to webhooks through an outbox. Events are written in the transaction of the
 * operation that causes them, and sent after it. So every event is sent at least once, even if
 * the server crashes in between, and no event is sent for an operation that was rolled back.
 *
 * An instance claims a delivery before it sends it, so that no other instance sends it too. If
 * the instance stops before it has finished, another one takes over when the claim expires.
 */
export class WebhookOutbox implements OperationObserver {
  private readonly job: BackgroundJob
  private readonly running = new Set<Promise<void>>()
  private readonly runningByWebhook = new Map<string, number>()
  private stopping = new AbortController()
  private report: FailureReport = () => undefined

  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly secrets: SecretBox,
    private readonly mail: MailService,
    private readonly sender: WebhookSender,
    private readonly settings: Config['webhooks'],
    private readonly publicUrl: URL,
  ) {
    this.job = new BackgroundJob(() => this.deliverDue(), { delayMs: 0, maxSleepMs: 15_000 })
  }

  /** Writes the events that operations cause, for the webhooks that subscribe to them. */
  async observe(unit: WritingUnitOfWork, operations: readonly OperationEntity[]): Promise<void> {
    const caused = operations.flatMap(causedEventsOf)
    if (caused.length === 0) return
    const deleted = caused.filter(({ type }) => type === 'user.deleted')
    if (deleted.length > 0) {
      await store.eraseSubjects(
        unit,
        deleted.map(({ subjectId }) => subjectId),
      )
    }
    const webhooks = await store.listEnabledWebhooks(unit)
    const wanted = caused.filter(({ type }) => webhooks.some(webhook => isFor(webhook, type)))
    if (wanted.length === 0) return

    const subjectIds = [...new Set(wanted.map(({ subjectId }) => subjectId))]
    const users = new Map(
      (await this.users.findManyIn(unit, subjectIds)).map(user => [user.id, user]),
    )
    const events = wanted.map(event => eventOf(event, users.get(event.subjectId) ?? null))
    await this.queue(unit, events, webhooks)
  }

  /** Whether an enabled webhook subscribes to this type. */
  async isWanted(unit: UnitOfWork, type: EventType): Promise<boolean> {
    return (await store.listEnabledWebhooks(unit)).some(webhook => isFor(webhook, type))
  }

  /** Queues events for the enabled webhooks that subscribe to them. */
  async queueEvents(unit: WritingUnitOfWork, events: readonly WebhookEventEntity[]): Promise<void> {
    const webhooks = await store.listEnabledWebhooks(unit)
    const wanted = events.filter(({ type }) => webhooks.some(webhook => isFor(webhook, type)))
    if (wanted.length > 0) await this.queue(unit, wanted, webhooks)
  }

  /** Queues a test event. It is sent only once, also if it fails. */
  async sendTest(unit: WritingUnitOfWork, webhook: WebhookEntity): Promise<store.DeliveredEvent> {
    const event = testEventOf(webhook.id)
    const delivery = deliveryOf(event, webhook)
    await store.insertEvents(unit, [event])
    await store.insertDeliveries(unit, [delivery])
    this.wakeAfter(unit)
    return { delivery, event }
  }

  /** Queues a delivery again, with the full number of attempts. */
  async replay(unit: WritingUnitOfWork, delivery: WebhookDeliveryEntity): Promise<void> {
    const changes = { status: 'PENDING', failedAttempts: 0, nextAttemptAt: new Date() } as const
    await store.updateDelivery(unit, delivery.id, changes)
    this.wakeAfter(unit)
  }

  /** Disables a webhook. Pending deliveries are held until it is enabled again. */
  async disable(
    unit: WritingUnitOfWork,
    webhook: WebhookEntity,
    reason: WebhookDisabledReason,
  ): Promise<void> {
    await store.updateWebhook(unit, webhook.id, { disabledReason: reason, disabledAt: new Date() })
    await store.holdPending(unit, webhook.id)
  }

  /** Enables a webhook again, and queues the deliveries that were held. */
  async enable(unit: WritingUnitOfWork, webhook: WebhookEntity): Promise<void> {
    const changes = { disabledReason: null, disabledAt: null, failingSince: null }
    await store.updateWebhook(unit, webhook.id, changes)
    await store.releaseHeld(unit, webhook.id, new Date())
    this.wakeAfter(unit)
  }

  /** Starts delivering, including what an earlier run left in the outbox. */
  start(report: FailureReport): void {
    if (this.stopping.signal.aborted) this.stopping = new AbortController()
    this.report = report.another?.() ?? report
    this.job.start(report)
  }

  /**
   * Stops delivering. Resolves when the running requests have finished; after five seconds it
   * aborts them. Aborted and pending deliveries stay in the outbox.
   */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.stopping.abort(), stopTimeoutMs)
    await this.job.stop()
    await Promise.all(this.running)
    clearTimeout(timer)
  }

  /** Resolves when no delivery is due or running. */
  async idle(): Promise<void> {
    for (;;) {
      await this.job.idle()
      if (this.running.size === 0) return
      await Promise.all(this.running)
    }
  }

  /** The number of deliveries that wait for an attempt. */
  countWaiting(): Promise<number> {
    return this.database.read(unit => store.countQueued(unit))
  }

  /** Yields the events about a user that were queued for webhooks, oldest first, in batches. */
  async *readEventsOn(userId: string): AsyncGenerator<WebhookEventEntity[]> {
    let afterId = ''
    for (;;) {
      const from = afterId
      const events = await this.database.read(unit =>
        store.listEventsOn(unit, userId, from, readBatch),
      )
      if (events.length > 0) yield events
      if (events.length < readBatch) return
      afterId = events.at(-1)?.id ?? ''
    }
  }

  /**
   * Deletes events older than 30 days, delivered or not, and previous secrets that have
   * expired.
   */
  async sweep(): Promise<void> {
    const before = new Date(Date.now() - retentionMs)
    await this.database.write(unit => store.deleteExpiredSecrets(unit, new Date()))
    let removed: number
    do {
      removed = await this.database.write(unit =>
        store.deleteEventsBefore(unit, before, sweepBatch),
      )
    } while (removed === sweepBatch)
  }

  private async queue(
    unit: WritingUnitOfWork,
    events: readonly WebhookEventEntity[],
    webhooks: readonly WebhookEntity[],
  ): Promise<void> {
    await store.insertEvents(unit, events)
    const deliveries = events.flatMap(event =>
      webhooks
        .filter(webhook => isFor(webhook, event.type))
        .map(webhook => deliveryOf(event, webhook)),
    )
    await store.insertDeliveries(unit, deliveries)
    this.wakeAfter(unit)
  }

  private wakeAfter(unit: WritingUnitOfWork): void {
    unit.afterCommit(() => this.job.wake())
  }

  /**
   * Starts as many due deliveries as the limits allow. A delivery wakes the job again when it
   * finishes.
   */
  private async deliverDue(): Promise<number> {
    while (!this.job.isStopped && this.running.size < maxConcurrent) {
      // A slow receiver must not block deliveries to the others.
      const busy = [...this.runningByWebhook].flatMap(([id, count]) =>
        count >= maxConcurrentPerWebhook ? [id] : [],
      )
      const now = new Date()
      // Reading is cheap; a claim needs a write transaction.
      const next = await this.database.read(unit => store.findNextDue(unit, busy))
      if (next === null) return Number.POSITIVE_INFINITY
      const waitMs = next.getTime() - now.getTime()
      if (waitMs > maxPlannedMs) {
        // The attempt was planned while the clock was ahead.
        await this.database.write(unit => store.makeDue(unit, next, now))
      } else if (waitMs > 0) {
        return waitMs
      }
      const claimed = await this.claim(now, busy)
      if (claimed !== null) this.begin(claimed)
    }
    return Number.POSITIVE_INFINITY
  }

  private claim(now: Date, busy: readonly string[]): Promise<Claimed | null> {
    const until = new Date(now.getTime() + this.settings.timeoutMs + claimMarginMs)
    return this.database.writeLocking(async unit => {
      const found = await store.claimDue(unit, now, until, busy)
      if (found === null) return null
      const webhook = await store.findWebhook(unit, found.delivery.webhookId)
      return webhook === null ? null : { ...found, webhook }
    })
  }

  private begin(claimed: Claimed): void {
    const { id } = claimed.webhook
    this.runningByWebhook.set(id, (this.runningByWebhook.get(id) ?? 0) + 1)
    const work = this.deliver(claimed)
      .then(
        () => this.report.succeeded?.(),
        // The delivery stays claimed, and is due again when the claim expires.
        failure => this.report(failure, { id: claimed.delivery.id }),
      )
      .finally(() => {
        const left = (this.runningByWebhook.get(id) ?? 1) - 1
        if (left === 0) this.runningByWebhook.delete(id)
        else this.runningByWebhook.set(id, left)
        this.running.delete(work)
        this.job.wake()
      })
    this.running.add(work)
  }

  private async deliver({ delivery, event, webhook }: Claimed): Promise<void> {
    const at = new Date()
    const message = {
      id: event.id,
      timestamp: Math.floor(at.getTime() / 1000),
      body: bodyOf(event),
    }
    const secrets = await this.secretsOf(webhook, at).catch((failure: unknown) => {
      this.report(failure, { id: delivery.id })
      return null
    })
    const outcome =
      secrets === null
        ? secretUnreadable
        : await this.sender.post(
            webhook.url,
            {
              'content-type': 'application/json',
              'user-agent': 'Rekey-Webhooks/1',
              'webhook-id': message.id,
              'webhook-timestamp': String(message.timestamp),
              'webhook-signature': signatureOf(message, secrets),
            },
            message.body,
            this.stopping.signal,
          )
    if (outcome === null) {
      // The server is stopping. This does not count as an attempt; the delivery is due at once.
      await this.database.writeLocking(unit =>
        store.updateDelivery(unit, delivery.id, { nextAttemptAt: at }),
      )
      return
    }
    await this.database.write(unit => this.settle(unit, delivery.id, event, at, outcome))
  }

  private async secretsOf(webhook: WebhookEntity, at: Date): Promise<string[]> {
    const { previousSecret, previousSecretExpiresAt } = webhook
    const sealed = [webhook.secret]
    if (previousSecret !== null && previousSecretExpiresAt !== null) {
      if (previousSecretExpiresAt > at) sealed.push(previousSecret)
    }
    return Promise.all(sealed.map(secret => this.secrets.unseal(secret, secretOf(webhook.id))))
  }

  /** Records the outcome of an attempt, and plans the next one or gives up. */
  private async settle(
    unit: WritingUnitOfWork,
    deliveryId: string,
    event: WebhookEventEntity,
    at: Date,
    outcome: SendOutcome,
  ): Promise<void> {
    const found = await store.findDelivery(unit, deliveryId)
    const webhook = found === null ? null : await store.findWebhook(unit, found.delivery.webhookId)
    // The webhook was deleted during the request.
    if (found === null || webhook === null) return
    // The user may have been deleted during the request, and the response may contain their
    // login.
    const erased = event.login !== null && found.event.login === null
    await store.insertAttempt(unit, {
      id: uuidv7(),
      deliveryId,
      at,
      durationMs: outcome.durationMs,
      status: outcome.status,
      failure: outcome.failure,
      excerpt: erased ? null : outcome.excerpt,
    })
    const { status } = outcome
    if (status !== null && status >= 200 && status < 300) {
      await store.updateDelivery(unit, deliveryId, { status: 'DELIVERED', nextAttemptAt: null })
      if (webhook.failingSince !== null) {
        await store.updateWebhook(unit, webhook.id, { failingSince: null })
      }
      return
    }
    await this.settleFailure(unit, found.delivery, event, webhook, at, outcome)
  }

  private async settleFailure(
    unit: WritingUnitOfWork,
    delivery: WebhookDeliveryEntity,
    event: WebhookEventEntity,
    webhook: WebhookEntity,
    at: Date,
    outcome: SendOutcome,
  ): Promise<void> {
    const failedAttempts = delivery.failedAttempts + 1
    const isTest = event.type === testEventType
    const isGone = outcome.status === 410
    if (isGone || isTest || failedAttempts >= maxAttempts) {
      const changes = { status: 'FAILED', failedAttempts, nextAttemptAt: null } as const
      await store.updateDelivery(unit, delivery.id, changes)
    } else {
      const wait = this.waitAfter(failedAttempts, outcome.retryAfterSeconds)
      // A disabled webhook receives nothing until it is enabled again.
      const nextAttemptAt = webhook.disabledAt === null ? new Date(at.getTime() + wait) : null
      await store.updateDelivery(unit, delivery.id, { failedAttempts, nextAttemptAt })
    }
    if (webhook.disabledAt !== null) return
    if (isGone) {
      await this.disableAndNotify(unit, webhook, 'GONE')
      return
    }
    // A failed test must not disable the webhook.
    if (isTest) return
    const failingSince = webhook.failingSince ?? at
    if (webhook.failingSince === null) await store.updateWebhook(unit, webhook.id, { failingSince })
    const isLast = failedAttempts >= maxAttempts
    if (isLast && at.getTime() - failingSince.getTime() >= disableAfterMs) {
      await this.disableAndNotify(unit, webhook, 'FAILING')
    }
  }

  private waitAfter(failedAttempts: number, retryAfterSeconds: number | null): number {
    const wait = Math.min(this.settings.firstRetryMs * growth ** (failedAttempts - 1), maxWaitMs)
    const requestedMs = Math.min((retryAfterSeconds ?? 0) * 1000, maxWaitMs)
    return Math.max(wait * (1 - jitter + Math.random() * 2 * jitter), requestedMs)
  }

  private async disableAndNotify(
    unit: WritingUnitOfWork,
    webhook: WebhookEntity,
    reason: 'GONE' | 'FAILING',
  ): Promise<void> {
    await this.disable(unit, webhook, reason)
    const { origin } = new URL(webhook.url)
    await this.operations.record(unit, localOrigin('server', 'rekey webhooks'), {
      action: 'DISABLE_WEBHOOK',
      outcome: 'DONE',
      actorId: null,
      subjectId: null,
      changes: [changeOf('url', origin, origin), changeOf('cause', reason, reason)],
    })
    const [owner] = await this.users.findManyIn(unit, [webhook.createdBy])
    if (owner?.status !== 'ACTIVE' || !permissionsOf(owner).includes('webhooks.manage')) return
    const notice = {
      firstName: owner.firstName,
      host: new URL(webhook.url).host,
      description: webhook.description,
      reason,
      url: `${this.publicUrl.origin}/account/settings/webhooks/${webhook.id}`,
    }
    await this.mail.send(unit, owner, webhookDisabledMail(notice))
  }
}

const isFor = ({ events }: WebhookEntity, type: SentEventType): boolean =>
  (events as readonly SentEventType[]).includes(type)

const deliveryOf = (event: WebhookEventEntity, webhook: WebhookEntity): WebhookDeliveryEntity => {
  const now = new Date()
  return {
    id: uuidv7(),
    webhookId: webhook.id,
    eventId: event.id,
    status: 'PENDING',
    failedAttempts: 0,
    nextAttemptAt: now,
    createdAt: now,
  }
}
