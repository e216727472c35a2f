import { permissionsOf } from '@rekey/shared/access'
import { uuidv7 } from 'uuidv7'
import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { MailService } from '../mail/mail.service.js'
import type { OperationEntity } from '../operations/operation.entity.js'
import type { OperationObserver } from '../operations/operation.service.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { UserService } from '../users/user.service.js'
import { eventTypeOf, testEventType } from './event-types.js'
import type { WebhookDisabledReason, WebhookEntity } from './webhook.entity.js'
import * as store from './webhook.store.js'
import type { WebhookDeliveryEntity } from './webhook-delivery.entity.js'
import { webhookDisabledMail } from './webhook-disabled.mail.js'
import type { WebhookEventEntity } from './webhook-event.entity.js'
import { bodyOf, eventOf, testEventOf } from './webhook-event.js'
import type { SendOutcome, WebhookSender } from './webhook-sender.js'
import { signatureOf } from './webhook-signature.js'

/** For what the secrets of webhooks are sealed, and whose they are. */
export const secretOf = (webhookId: string) => ({ purpose: 'webhook', owner: webhookId })

/** How many attempts an event gets before it is given up: with the usual waits, over 44 hours. */
const mostAttempts = 11

const growth = 4
const longestWaitMs = 12 * 60 * 60 * 1000
/** How much a wait is longer or shorter, so that not all come at once after an outage. */
const jitter = 0.2
/** The longest that a delivery is planned ahead. */
const longestPlannedMs = longestWaitMs * (1 + jitter)
const failingForMs = 3 * 24 * 60 * 60 * 1000
const keptForMs = 30 * 24 * 60 * 60 * 1000
const mostUnderWay = 16
const mostUnderWayToOne = 4
/** Beyond the time of a request, for what comes before and after it. */
const claimMarginMs = 60_000
/** How long requests under way may go on when the server stops. */
const stopAfterMs = 5_000
const sweepBatch = 1_000
const readBatch = 1_000

const secretUnreadable = {
  status: null,
  failure: 'SECRET_UNREADABLE',
  excerpt: null,
  retryAfterSeconds: null,
  durationMs: 0,
} as const

/** One request that is to be sent. */
interface Claimed extends store.DeliveredEvent {
  readonly webhook: WebhookEntity
}

/**
 * Tells webhooks what happens, through an outbox: events are written in the transaction
 * of the operation they tell of, and sent after it, at least once whatever happens in
 * between, and never about what did not happen.
 *
 * An instance claims a delivery before it sends it, so that the others leave it be;
 * should it end meanwhile, another one takes over when the claim has run out.
 */
export class WebhookOutbox implements OperationObserver {
  private readonly job: BackgroundJob
  private readonly underWay = new Set<Promise<void>>()
  private readonly underWayTo = new Map<string, number>()
  private stopping = new AbortController()
  private report: FailureReport = () => undefined

  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly secrets: SecretBox,
    private readonly mail: MailService,
    private readonly sender: WebhookSender,
    private readonly settings: Config['webhooks'],
    private readonly publicUrl: URL,
  ) {
    this.job = new BackgroundJob(() => this.deliverDue(), { delayMs: 0, maxSleepMs: 15_000 })
  }

  /** Writes the events of operations, for the webhooks that are told of them. */
  async observe(unit: WritingUnitOfWork, operations: readonly OperationEntity[]): Promise<void> {
    const told = operations.flatMap(operation => {
      const { action, subjectId } = operation
      const type = eventTypeOf[action]
      return type === null || subjectId === null ? [] : [{ type, operation, subjectId }]
    })
    if (told.length === 0) return
    const deleted = told.filter(({ type }) => type === 'user.deleted')
    if (deleted.length > 0) {
      await store.eraseSubjects(
        unit,
        deleted.map(({ subjectId }) => subjectId),
      )
    }
    const webhooks = await store.listEnabledWebhooks(unit)
    const wanted = new Set(webhooks.flatMap(({ events }) => events))
    const heard = told.filter(({ type }) => wanted.has(type))
    if (heard.length === 0) return

    const subjectIds = [...new Set(heard.map(({ subjectId }) => subjectId))]
    const users = new Map(
      (await this.users.findManyIn(unit, subjectIds)).map(user => [user.id, user]),
    )
    const events = heard.map(({ type, operation, subjectId }) =>
      eventOf(type, operation, subjectId, users.get(subjectId) ?? null),
    )
    await store.insertEvents(unit, events)
    const deliveries = events.flatMap(event =>
      webhooks
        .filter(webhook => (webhook.events as string[]).includes(event.type))
        .map(webhook => deliveryOf(event, webhook)),
    )
    await store.insertDeliveries(unit, deliveries)
    this.wakeAfter(unit)
  }

  /** Puts a test into the outbox. It is tried once. */
  async sendTest(unit: WritingUnitOfWork, webhook: WebhookEntity): Promise<store.DeliveredEvent> {
    const event = testEventOf(webhook.id)
    const delivery = deliveryOf(event, webhook)
    await store.insertEvents(unit, [event])
    await store.insertDeliveries(unit, [delivery])
    this.wakeAfter(unit)
    return { delivery, event }
  }

  /** Puts a delivery into the outbox once more, with all its attempts before it. */
  async replay(unit: WritingUnitOfWork, delivery: WebhookDeliveryEntity): Promise<void> {
    const changes = { status: 'PENDING', failedAttempts: 0, nextAttemptAt: new Date() } as const
    await store.updateDelivery(unit, delivery.id, changes)
    this.wakeAfter(unit)
  }

  /** Sends nothing more to a webhook. What is still to be delivered is held. */
  async disable(
    unit: WritingUnitOfWork,
    webhook: WebhookEntity,
    reason: WebhookDisabledReason,
  ): Promise<void> {
    await store.updateWebhook(unit, webhook.id, { disabledReason: reason, disabledAt: new Date() })
    await store.holdPending(unit, webhook.id)
  }

  /** Sends to a webhook again, what was held first. */
  async enable(unit: WritingUnitOfWork, webhook: WebhookEntity): Promise<void> {
    const changes = { disabledReason: null, disabledAt: null, failingSince: null }
    await store.updateWebhook(unit, webhook.id, changes)
    await store.releaseHeld(unit, webhook.id, new Date())
    this.wakeAfter(unit)
  }

  /** Begins to deliver, with what an earlier run left in the outbox. */
  start(report: FailureReport): void {
    if (this.stopping.signal.aborted) this.stopping = new AbortController()
    this.report = report.another?.() ?? report
    this.job.start(report)
  }

  /**
   * Ends when the requests under way are through, or cut off after five seconds. Those that were cut
   * off, and the others, stay in the outbox.
   */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.stopping.abort(), stopAfterMs)
    await this.job.stop()
    await Promise.all(this.underWay)
    clearTimeout(timer)
  }

  /** Waits until nothing is due. */
  async idle(): Promise<void> {
    for (;;) {
      await this.job.idle()
      if (this.underWay.size === 0) return
      await Promise.all(this.underWay)
    }
  }

  /** How many deliveries wait for their turn. */
  countWaiting(): Promise<number> {
    return this.database.read(unit => store.countQueued(unit))
  }

  /** What other systems were told of someone, oldest first, a batch at a time. */
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

  /** Removes what is older than 30 days, delivered or not, and secrets that have run out. */
  async sweep(): Promise<void> {
    const before = new Date(Date.now() - keptForMs)
    await this.database.write(unit => store.deleteExpiredSecrets(unit, new Date()))
    let removed: number
    do {
      removed = await this.database.write(unit =>
        store.deleteEventsBefore(unit, before, sweepBatch),
      )
    } while (removed === sweepBatch)
  }

  private wakeAfter(unit: WritingUnitOfWork): void {
    unit.afterCommit(() => this.job.wake())
  }

  /** Begins all that is due, as far as there is room; it wakes the job when it is through. */
  private async deliverDue(): Promise<number> {
    while (!this.job.isStopped && this.underWay.size < mostUnderWay) {
      // Who answers slowly does not keep the others waiting.
      const busy = [...this.underWayTo].flatMap(([id, count]) =>
        count >= mostUnderWayToOne ? [id] : [],
      )
      const now = new Date()
      // A look costs others nothing; a claim is a transaction that writes.
      const next = await this.database.read(unit => store.findNextDue(unit, busy))
      if (next === null) return Number.POSITIVE_INFINITY
      const waitMs = next.getTime() - now.getTime()
      if (waitMs > longestPlannedMs) {
        // The clock was ahead when it was planned.
        await this.database.write(unit => store.planAtOnce(unit, next, now))
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
    this.underWayTo.set(id, (this.underWayTo.get(id) ?? 0) + 1)
    const work = this.deliver(claimed)
      .then(
        () => this.report.succeeded?.(),
        // It stays claimed, and is due again when the claim has run out.
        failure => this.report(failure, { id: claimed.delivery.id }),
      )
      .finally(() => {
        const left = (this.underWayTo.get(id) ?? 1) - 1
        if (left === 0) this.underWayTo.delete(id)
        else this.underWayTo.set(id, left)
        this.underWay.delete(work)
        this.job.wake()
      })
    this.underWay.add(work)
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
      // The server stops. It is due at the next start, and counts as no attempt.
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

  /** Puts down what became of an attempt, and what follows from it. */
  private async settle(
    unit: WritingUnitOfWork,
    deliveryId: string,
    event: WebhookEventEntity,
    at: Date,
    outcome: SendOutcome,
  ): Promise<void> {
    const found = await store.findDelivery(unit, deliveryId)
    const webhook = found === null ? null : await store.findWebhook(unit, found.delivery.webhookId)
    // Deleted meanwhile.
    if (found === null || webhook === null) return
    // Its subject may have been erased meanwhile, and the answer may name them.
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
    if (isGone || isTest || failedAttempts >= mostAttempts) {
      const changes = { status: 'FAILED', failedAttempts, nextAttemptAt: null } as const
      await store.updateDelivery(unit, delivery.id, changes)
    } else {
      const wait = this.waitAfter(failedAttempts, outcome.retryAfterSeconds)
      // One that is disabled gets nothing until it is enabled again.
      const nextAttemptAt = webhook.disabledAt === null ? new Date(at.getTime() + wait) : null
      await store.updateDelivery(unit, delivery.id, { failedAttempts, nextAttemptAt })
    }
    if (webhook.disabledAt !== null) return
    if (isGone) {
      await this.disableAndTell(unit, webhook, 'GONE')
      return
    }
    // A test shows what it shows; it is no reason to send nothing more.
    if (isTest) return
    const failingSince = webhook.failingSince ?? at
    if (webhook.failingSince === null) await store.updateWebhook(unit, webhook.id, { failingSince })
    const isLast = failedAttempts >= mostAttempts
    if (isLast && at.getTime() - failingSince.getTime() >= failingForMs) {
      await this.disableAndTell(unit, webhook, 'FAILING')
    }
  }

  private waitAfter(failedAttempts: number, retryAfterSeconds: number | null): number {
    const wait = Math.min(
      this.settings.firstRetryMs * growth ** (failedAttempts - 1),
      longestWaitMs,
    )
    const asked = Math.min((retryAfterSeconds ?? 0) * 1000, longestWaitMs)
    return Math.max(wait * (1 - jitter + Math.random() * 2 * jitter), asked)
  }

  private async disableAndTell(
    unit: WritingUnitOfWork,
    webhook: WebhookEntity,
    reason: 'GONE' | 'FAILING',
  ): Promise<void> {
    await this.disable(unit, webhook, reason)
    const [owner] = await this.users.findManyIn(unit, [webhook.createdBy])
    if (owner?.status !== 'ACTIVE' || !permissionsOf(owner).includes('webhooks.manage')) return
    const notice = {
      firstName: owner.firstName,
      host: new URL(webhook.url).host,
      description: webhook.description,
      reason,
      url: `${this.publicUrl.origin}/account/settings/webhooks/${webhook.id}`,
    }
    await this.mail.send(unit, owner.login, webhookDisabledMail(notice))
  }
}

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
