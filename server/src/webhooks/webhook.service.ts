import { uuidv7 } from 'uuidv7'
import type { AccessGuard } from '../access/access-guard.service.js'
import { requirePermission } from '../access/require-permission.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { type CountedPage, type PageArguments, readPageById } from '../graphql/keyset-page.js'
import type { RequestOrigin } from '../http/request-origin.js'
import { text } from '../messages/language.js'
import type { OperationAction } from '../operations/operation.entity.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf, changesBetween, type OperationChange } from '../operations/operation-change.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { Caller } from '../users/caller.js'
import { type FieldProblem, isPlainText } from '../users/user-fields.js'
import { eventTypes, isEventType } from './event-types.js'
import type { WebhookEntity } from './webhook.entity.js'
import * as store from './webhook.store.js'
import type { WebhookAttemptEntity } from './webhook-attempt.entity.js'
import { secretOf, type WebhookOutbox } from './webhook-outbox.service.js'
import { makeWebhookSecret } from './webhook-signature.js'
import { readWebhookUrl } from './webhook-url.js'

/** A delivery and its event. */
export type DeliveredEvent = store.DeliveredEvent

/** Selects the deliveries of a list. */
export type DeliverySelection = store.DeliverySelection

/** The fields of a webhook that users enter. */
export interface WebhookFields {
  readonly url: string
  readonly description: string
  readonly events: readonly string[]
}

/** Changes of a webhook. Fields that are left out stay as they are. */
export interface WebhookEdit extends Partial<WebhookFields> {
  readonly webhookId: string
  readonly enabled?: boolean
}

/** The webhook or the delivery does not exist. */
export interface NotFound {
  readonly kind: 'notFound'
}

/** At least one field is invalid. */
export interface InvalidFields {
  readonly kind: 'invalid'
  readonly problems: readonly FieldProblem[]
}

/** A webhook and its new secret, which is returned only now. */
export interface WithSecret {
  readonly webhook: WebhookEntity
  readonly secret: string
}

/**
 * The maximum number of webhooks. It is small because every operation writes the deliveries to
 * all webhooks in its own transaction.
 */
export const maxWebhooks = 25

/** Hours for which requests are signed with the previous secret as well as with the new one. */
export const previousSecretHours = 24

/** The maximum number of attempts shown of a delivery. */
const maxAttemptsShown = 25

const maxDescriptionLength = 200

type Fields = Pick<WebhookEntity, 'url' | 'description' | 'events'>

/**
 * Adds, edits and deletes webhooks, and lists their deliveries. Every method requires
 * `webhooks.manage`.
 */
export class WebhookService {
  constructor(
    private readonly database: Database,
    private readonly guard: AccessGuard,
    private readonly operations: OperationService,
    private readonly secrets: SecretBox,
    private readonly outbox: WebhookOutbox,
    private readonly settings: Config['webhooks'],
  ) {}

  /**
   * A page of webhooks, oldest first. @throws FORBIDDEN; BAD_USER_INPUT if the page arguments
   * are invalid.
   */
  async list(actor: Caller, page: PageArguments): Promise<CountedPage<WebhookEntity>> {
    requirePermission(actor, 'webhooks.manage')
    return readPageById(page, {
      descending: false,
      idOf: ({ id }) => id,
      read: stretch => this.database.read(unit => store.listWebhooks(unit, stretch)),
      countAll: () => this.database.read(unit => store.countWebhooks(unit)),
    })
  }

  /**
   * How many enabled webhooks fail at the moment, and how many Rekey disabled because they failed or
   * were gone. Checks no permission.
   */
  countTroubledIn(unit: UnitOfWork): Promise<{ failing: number; disabled: number }> {
    return store.countTroubled(unit)
  }

  /** The webhook with this id, or null. @throws FORBIDDEN. */
  async find(actor: Caller, id: string): Promise<WebhookEntity | null> {
    requirePermission(actor, 'webhooks.manage')
    return this.database.read(unit => store.findWebhook(unit, id))
  }

  /** The webhooks with these ids. @throws FORBIDDEN. */
  async findMany(actor: Caller, ids: readonly string[]): Promise<WebhookEntity[]> {
    requirePermission(actor, 'webhooks.manage')
    return this.database.read(unit => store.findWebhooks(unit, ids))
  }

  /** A page of deliveries to a webhook, newest first. @throws as {@link list}. */
  async listDeliveries(
    actor: Caller,
    selection: DeliverySelection,
    page: PageArguments,
  ): Promise<CountedPage<DeliveredEvent>> {
    requirePermission(actor, 'webhooks.manage')
    return readPageById(page, {
      descending: true,
      idOf: ({ delivery }) => delivery.id,
      read: stretch => this.database.read(unit => store.listDeliveries(unit, selection, stretch)),
      countAll: () => this.database.read(unit => store.countDeliveries(unit, selection)),
    })
  }

  /** The delivery with this id, or null. @throws FORBIDDEN. */
  async findDelivery(actor: Caller, id: string): Promise<DeliveredEvent | null> {
    requirePermission(actor, 'webhooks.manage')
    return this.database.read(unit => store.findDelivery(unit, id))
  }

  /** The deliveries with these ids. @throws FORBIDDEN. */
  async findDeliveries(actor: Caller, ids: readonly string[]): Promise<DeliveredEvent[]> {
    requirePermission(actor, 'webhooks.manage')
    return this.database.read(unit => store.findDeliveries(unit, ids))
  }

  /** The last attempts of each of these deliveries, newest first. @throws FORBIDDEN. */
  async lastAttemptsOf(
    actor: Caller,
    deliveryIds: readonly string[],
  ): Promise<Map<string, WebhookAttemptEntity[]>> {
    requirePermission(actor, 'webhooks.manage')
    const attempts = await this.database.read(unit =>
      store.listLastAttempts(unit, deliveryIds, maxAttemptsShown),
    )
    const byDelivery = new Map<string, WebhookAttemptEntity[]>()
    for (const attempt of attempts) {
      const { deliveryId } = attempt
      byDelivery.set(deliveryId, [...(byDelivery.get(deliveryId) ?? []), attempt])
    }
    return byDelivery
  }

  /** Adds an enabled webhook. @throws as {@link AccessGuard.write}. */
  async create(
    actor: Caller,
    given: WebhookFields,
    origin: RequestOrigin,
  ): Promise<({ readonly kind: 'created' } & WithSecret) | InvalidFields | { kind: 'tooMany' }> {
    const id = uuidv7()
    const { secret, sealed } = await this.makeSecret(id)
    return this.write('CREATE_WEBHOOK', actor, origin, async (unit, caller, note) => {
      const read = this.read(given)
      if ('problems' in read) return { kind: 'invalid', problems: read.problems }
      if ((await store.countWebhooks(unit)) >= maxWebhooks) return { kind: 'tooMany' }
      const now = new Date()
      const webhook: WebhookEntity = {
        id,
        ...(read.fields as Fields),
        secret: sealed,
        previousSecret: null,
        previousSecretExpiresAt: null,
        disabledReason: null,
        disabledAt: null,
        failingSince: null,
        createdBy: caller.id,
        createdAt: now,
        updatedAt: now,
      }
      await store.insertWebhook(unit, webhook)
      note(null, webhook)
      return { kind: 'created', webhook, secret }
    })
  }

  /** Edits, disables or enables a webhook. @throws as {@link AccessGuard.write}. */
  update(
    actor: Caller,
    { webhookId, enabled, ...given }: WebhookEdit,
    origin: RequestOrigin,
  ): Promise<
    { readonly kind: 'updated'; readonly webhook: WebhookEntity } | InvalidFields | NotFound
  > {
    return this.write('UPDATE_WEBHOOK', actor, origin, async (unit, _, note) => {
      const webhook = await store.findWebhook(unit, webhookId)
      if (webhook === null) return { kind: 'notFound' }
      const read = this.read(given)
      if ('problems' in read) return { kind: 'invalid', problems: read.problems }
      await store.updateWebhook(unit, webhookId, { ...read.fields, updatedAt: new Date() })
      const isEnabled = webhook.disabledAt === null
      if (enabled === true && !isEnabled) await this.outbox.enable(unit, webhook)
      if (enabled === false && isEnabled) await this.outbox.disable(unit, webhook, 'BY_USER')
      const updated = (await store.findWebhook(unit, webhookId)) ?? webhook
      note(webhook, updated)
      return { kind: 'updated', webhook: updated }
    })
  }

  /**
   * Gives a webhook a new secret. Requests are also signed with the old secret for 24 hours,
   * unless `endPrevious` is true.
   *
   * @throws as {@link AccessGuard.write}.
   */
  async rotateSecret(
    actor: Caller,
    webhookId: string,
    endPrevious: boolean,
    origin: RequestOrigin,
  ): Promise<({ readonly kind: 'rotated' } & WithSecret) | NotFound> {
    const { secret, sealed } = await this.makeSecret(webhookId)
    const action = 'ROTATE_WEBHOOK_SECRET'
    return this.write(action, actor, origin, async (unit, _, note) => {
      const webhook = await store.findWebhook(unit, webhookId)
      if (webhook === null) return { kind: 'notFound' }
      const now = new Date()
      const expiresAt = new Date(now.getTime() + previousSecretHours * 60 * 60 * 1000)
      const changes = {
        secret: sealed,
        previousSecret: endPrevious ? null : webhook.secret,
        previousSecretExpiresAt: endPrevious ? null : expiresAt,
        updatedAt: now,
      }
      await store.updateWebhook(unit, webhookId, changes)
      note(webhook, webhook)
      return { kind: 'rotated', webhook: { ...webhook, ...changes }, secret }
    })
  }

  /** Deletes a webhook and its deliveries. @throws as {@link AccessGuard.write}. */
  delete(
    actor: Caller,
    webhookId: string,
    origin: RequestOrigin,
  ): Promise<{ readonly kind: 'deleted' } | NotFound> {
    return this.write('DELETE_WEBHOOK', actor, origin, async (unit, _, note) => {
      const webhook = await store.findWebhook(unit, webhookId)
      if (webhook === null) return { kind: 'notFound' }
      await store.deleteWebhook(unit, webhookId)
      note(webhook, null)
      return { kind: 'deleted' }
    })
  }

  /** Queues a test event for a webhook. @throws as {@link AccessGuard.write}. */
  test(
    actor: Caller,
    webhookId: string,
    origin: RequestOrigin,
  ): Promise<({ readonly kind: 'queued' } & DeliveredEvent) | NotFound | { kind: 'disabled' }> {
    return this.write('TEST_WEBHOOK', actor, origin, async (unit, _, note) => {
      const webhook = await store.findWebhook(unit, webhookId)
      if (webhook === null) return { kind: 'notFound' }
      if (webhook.disabledAt !== null) return { kind: 'disabled' }
      note(webhook, webhook)
      return { kind: 'queued', ...(await this.outbox.sendTest(unit, webhook)) }
    })
  }

  /**
   * Queues a delivery again, whatever its status. It keeps its `webhook-id`, so that the
   * receiver can recognize the event.
   *
   * @throws as {@link AccessGuard.write}.
   */
  replay(
    actor: Caller,
    deliveryId: string,
    origin: RequestOrigin,
  ): Promise<({ readonly kind: 'queued' } & DeliveredEvent) | NotFound | { kind: 'disabled' }> {
    const action = 'REPLAY_WEBHOOK_DELIVERY'
    return this.write(action, actor, origin, async (unit, _, note) => {
      const found = await store.findDelivery(unit, deliveryId)
      const webhook =
        found === null ? null : await store.findWebhook(unit, found.delivery.webhookId)
      if (found === null || webhook === null) return { kind: 'notFound' }
      if (webhook.disabledAt !== null) return { kind: 'disabled' }
      await this.outbox.replay(unit, found.delivery)
      note(webhook, webhook)
      const queued = await store.findDelivery(unit, deliveryId)
      return { kind: 'queued', ...(queued ?? found) }
    })
  }

  /**
   * Does the work of a mutation if the caller has the permission, and records the operation if
   * it succeeded.
   *
   * @param work calls `note` with the webhook before and after the change, for the record.
   */
  private write<Result extends { readonly kind: string }>(
    action: OperationAction,
    actor: Caller,
    origin: RequestOrigin,
    work: (
      unit: WritingUnitOfWork,
      caller: Caller,
      note: (before: WebhookEntity | null, after: WebhookEntity | null) => void,
    ) => Promise<Result>,
  ): Promise<Result> {
    return this.guard.write(
      { permission: 'webhooks.manage', action, actor, origin },
      async (unit, caller) => {
        let changes: OperationChange[] = []
        const result = await work(unit, caller, (before, after) => {
          changes = changesOf(before, after)
        })
        if (doneKinds.has(result.kind)) {
          await this.operations.record(unit, origin, {
            action,
            outcome: 'DONE',
            actorId: caller.id,
            subjectId: null,
            changes,
          })
        }
        return result
      },
    )
  }

  // Call this before the transaction that saves the secret: the box may have to write too.
  private async makeSecret(webhookId: string): Promise<{ secret: string; sealed: string }> {
    const secret = makeWebhookSecret()
    return { secret, sealed: await this.secrets.seal(secret, secretOf(webhookId)) }
  }

  /** Validates and normalizes the given fields. */
  private read(
    given: Partial<WebhookFields>,
  ): { readonly fields: Partial<Fields> } | { readonly problems: readonly FieldProblem[] } {
    const fields: Partial<Fields> = {}
    const problems: FieldProblem[] = []
    if (given.url !== undefined) {
      const read = readWebhookUrl(given.url, this.settings.allowPrivate)
      if ('url' in read) fields.url = read.url
      else problems.push({ field: 'url', message: read.problem })
    }
    if (given.description !== undefined) {
      const description = given.description.normalize('NFC').trim()
      if (!isPlainText(description)) {
        problems.push({ field: 'description', message: text('webhooks.error.descriptionControl') })
      } else if ([...description].length > maxDescriptionLength) {
        const message = text('webhooks.error.descriptionTooLong', { max: maxDescriptionLength })
        problems.push({ field: 'description', message })
      } else fields.description = description
    }
    if (given.events !== undefined) {
      const events = new Set(given.events)
      if (events.size === 0)
        problems.push({ field: 'events', message: text('webhooks.events.missing') })
      else if (![...events].every(isEventType)) {
        const message = text('webhooks.error.eventUnknown', { events: eventTypes.join(', ') })
        problems.push({ field: 'events', message })
      } else fields.events = eventTypes.filter(type => events.has(type))
    }
    return problems.length > 0 ? { problems } : { fields }
  }
}

// The path and the query of a webhook URL often contain a secret, so only the origin is
// recorded.
const originIn = (webhook: WebhookEntity | null) =>
  webhook === null ? null : new URL(webhook.url).origin

const changesOf = (
  before: WebhookEntity | null,
  after: WebhookEntity | null,
): OperationChange[] => {
  const url = changeOf('url', originIn(before), originIn(after))
  if (after === null) return [url]
  if (before === null) return [url, changeOf('events', null, after.events)]
  return [url, ...changesBetween(factsOf(before), factsOf(after), ['events', 'enabled'])]
}

const factsOf = ({ events, disabledAt }: WebhookEntity) => ({
  events,
  enabled: disabledAt === null,
})

const doneKinds = new Set(['created', 'updated', 'rotated', 'deleted', 'queued'])
