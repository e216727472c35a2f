import SQL, { join } from 'sql-template-tag'
import { type FindOptionsWhere, In, IsNull, MoreThan, Not, type SelectQueryBuilder } from 'typeorm'
import { idStretch } from '../database/id-stretch.js'
import { insertMany } from '../database/insert-many.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { WebhookEntity } from './webhook.entity.js'
import { WebhookAttemptEntity } from './webhook-attempt.entity.js'
import { WebhookDeliveryEntity, type WebhookDeliveryStatus } from './webhook-delivery.entity.js'
import { WebhookEventEntity } from './webhook-event.entity.js'

/** A delivery and its event. */
export interface DeliveredEvent {
  readonly delivery: WebhookDeliveryEntity
  readonly event: WebhookEventEntity
}

/** Selects the deliveries of a list. */
export interface DeliverySelection {
  readonly webhookId: string
  /** Only deliveries with one of these statuses; an empty list selects all. */
  readonly statuses: readonly WebhookDeliveryStatus[]
}

/** Saves a new webhook. */
export const insertWebhook = async (
  unit: WritingUnitOfWork,
  webhook: WebhookEntity,
): Promise<void> => {
  await unit.rows(WebhookEntity).insert(webhook)
}

/** Updates the given columns of a webhook. */
export const updateWebhook = async (
  unit: WritingUnitOfWork,
  id: string,
  changes: Partial<WebhookEntity>,
): Promise<void> => {
  await unit.rows(WebhookEntity).update({ id }, changes)
}

/** Deletes a webhook with its deliveries and their attempts. */
export const deleteWebhook = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(WebhookEntity).delete({ id })
}

/** The webhook with this id, or null. */
export const findWebhook = (unit: UnitOfWork, id: string): Promise<WebhookEntity | null> =>
  unit.rows(WebhookEntity).findOneBy({ id })

/** The webhooks with these ids, in no order. */
export const findWebhooks = (unit: UnitOfWork, ids: readonly string[]): Promise<WebhookEntity[]> =>
  unit.rows(WebhookEntity).findBy({ id: In([...ids]) })

/** The number of webhooks. */
export const countWebhooks = (unit: UnitOfWork): Promise<number> => unit.rows(WebhookEntity).count()

/**
 * How many enabled webhooks fail at the moment, and how many Rekey disabled because they failed or
 * were gone.
 */
export const countTroubled = async (
  unit: UnitOfWork,
): Promise<{ failing: number; disabled: number }> => ({
  failing: await unit
    .rows(WebhookEntity)
    .countBy({ disabledAt: IsNull(), failingSince: Not(IsNull()) }),
  disabled: await unit.rows(WebhookEntity).countBy({ disabledReason: In(['GONE', 'FAILING']) }),
})

/** A stretch of the webhooks, ordered by id. */
export const listWebhooks = (
  unit: UnitOfWork,
  stretch: Stretch<string>,
): Promise<WebhookEntity[]> => {
  const { ids, page } = idStretch(stretch)
  return unit.rows(WebhookEntity).find({ where: ids, ...page })
}

/** All enabled webhooks, oldest first. */
export const listEnabledWebhooks = (unit: UnitOfWork): Promise<WebhookEntity[]> =>
  unit.rows(WebhookEntity).find({ where: { disabledAt: IsNull() }, order: { id: 'ASC' } })

/** Deletes previous secrets that have expired. */
export const deleteExpiredSecrets = async (unit: WritingUnitOfWork, now: Date): Promise<void> => {
  await unit.query(SQL`UPDATE webhooks
    SET previous_secret = NULL, previous_secret_expires_at = NULL
    WHERE previous_secret_expires_at <= ${now.getTime()}`)
}

/** Saves events. */
export const insertEvents = (
  unit: WritingUnitOfWork,
  events: readonly WebhookEventEntity[],
): Promise<void> => insertMany(unit.rows(WebhookEventEntity), events)

/**
 * Erases the personal data of these users: the login in their events, and the excerpts of the
 * responses to these events.
 */
export const eraseSubjects = async (
  unit: WritingUnitOfWork,
  subjectIds: readonly string[],
): Promise<void> => {
  const ids = join([...subjectIds])
  await unit.query(SQL`UPDATE webhook_events SET login = NULL WHERE subject_id IN (${ids})`)
  await unit.query(SQL`UPDATE webhook_attempts SET excerpt = NULL WHERE delivery_id IN (
    SELECT webhook_deliveries.id FROM webhook_deliveries
      JOIN webhook_events ON webhook_events.id = webhook_deliveries.event_id
      WHERE webhook_events.subject_id IN (${ids}))`)
}

/**
 * Deletes up to `limit` of the oldest events before this time, with their deliveries. Returns
 * how many it deleted.
 */
export const deleteEventsBefore = async (
  unit: WritingUnitOfWork,
  before: Date,
  limit: number,
): Promise<number> => {
  const removed = await unit.query<{ id: string }>(SQL`SELECT id FROM webhook_events
    WHERE at < ${before.getTime()} ORDER BY at LIMIT ${limit}`)
  if (removed.length > 0) {
    await unit.rows(WebhookEventEntity).delete({ id: In(removed.map(({ id }) => id)) })
  }
  return removed.length
}

/** Saves deliveries, which queues them. */
export const insertDeliveries = (
  unit: WritingUnitOfWork,
  deliveries: readonly WebhookDeliveryEntity[],
): Promise<void> => insertMany(unit.rows(WebhookDeliveryEntity), deliveries)

/** Updates the given columns of a delivery. */
export const updateDelivery = async (
  unit: WritingUnitOfWork,
  id: string,
  changes: Partial<WebhookDeliveryEntity>,
): Promise<void> => {
  await unit.rows(WebhookDeliveryEntity).update({ id }, changes)
}

/** Holds the pending deliveries of a webhook until `releaseHeld`. */
export const holdPending = async (unit: WritingUnitOfWork, webhookId: string): Promise<void> => {
  await unit
    .rows(WebhookDeliveryEntity)
    .update({ webhookId, status: 'PENDING' }, { nextAttemptAt: null })
}

/** Queues the held deliveries of a webhook. */
export const releaseHeld = async (
  unit: WritingUnitOfWork,
  webhookId: string,
  now: Date,
): Promise<void> => {
  await unit
    .rows(WebhookDeliveryEntity)
    .update({ webhookId, status: 'PENDING', nextAttemptAt: IsNull() }, { nextAttemptAt: now })
}

/** When the next delivery to any other than these webhooks is due; null if there is none. */
export const findNextDue = async (
  unit: UnitOfWork,
  busyWebhookIds: readonly string[],
): Promise<Date | null> => {
  const [next] = await unit.rows(WebhookDeliveryEntity).find({
    where: { nextAttemptAt: Not(IsNull()), webhookId: Not(In([...busyWebhookIds])) },
    order: { nextAttemptAt: 'ASC' },
    take: 1,
  })
  return next?.nextAttemptAt ?? null
}

/** Makes all deliveries due now that are planned for `plannedFrom` or later. */
export const makeDue = async (
  unit: WritingUnitOfWork,
  plannedFrom: Date,
  now: Date,
): Promise<void> => {
  await unit.query(
    SQL`UPDATE webhook_deliveries SET next_attempt_at = ${now.getTime()}
      WHERE next_attempt_at >= ${plannedFrom.getTime()}`,
  )
}

/**
 * Claims the delivery that has been due longest, until `claimedUntil`, and returns it. Returns
 * null if none is due to any other than the busy webhooks. Skips deliveries that another
 * instance is claiming.
 */
export const claimDue = async (
  unit: WritingUnitOfWork,
  now: Date,
  claimedUntil: Date,
  busyWebhookIds: readonly string[],
): Promise<DeliveredEvent | null> => {
  // SQLite has no row locks, and needs none: it has only one writer.
  const lock = unit.engine === 'postgres' ? SQL`FOR UPDATE SKIP LOCKED` : SQL``
  const others =
    busyWebhookIds.length === 0 ? SQL`` : SQL`AND webhook_id NOT IN (${join([...busyWebhookIds])})`
  const [due] = await unit.query<{ id: string }>(
    SQL`SELECT id FROM webhook_deliveries WHERE next_attempt_at <= ${now.getTime()} ${others}
      ORDER BY next_attempt_at, id LIMIT 1 ${lock}`,
  )
  if (due === undefined) return null
  const found = await findDelivery(unit, due.id)
  await updateDelivery(unit, due.id, { nextAttemptAt: claimedUntil })
  return found
}

type DeliveryWithEvent = WebhookDeliveryEntity & { event: WebhookEventEntity }

const withEvents = (
  unit: UnitOfWork,
  where: FindOptionsWhere<WebhookDeliveryEntity>,
): SelectQueryBuilder<WebhookDeliveryEntity> =>
  unit
    .rows(WebhookDeliveryEntity)
    .createQueryBuilder('delivery')
    .innerJoinAndMapOne(
      'delivery.event',
      WebhookEventEntity,
      'event',
      'event.id = delivery.eventId',
    )
    .where(where)

/** The delivery with this id and its event, or null. */
export const findDelivery = async (
  unit: UnitOfWork,
  id: string,
): Promise<DeliveredEvent | null> => {
  const delivery = (await withEvents(unit, { id }).getOne()) as DeliveryWithEvent | null
  return delivery && { delivery, event: delivery.event }
}

/** The deliveries with these ids, in no order. */
export const findDeliveries = async (
  unit: UnitOfWork,
  ids: readonly string[],
): Promise<DeliveredEvent[]> => {
  const deliveries = await withEvents(unit, { id: In([...ids]) }).getMany()
  return (deliveries as DeliveryWithEvent[]).map(delivery => ({ delivery, event: delivery.event }))
}

const selected = ({
  webhookId,
  statuses,
}: DeliverySelection): FindOptionsWhere<WebhookDeliveryEntity> => ({
  webhookId,
  ...(statuses.length === 0 ? {} : { status: In([...statuses]) }),
})

/** A stretch of the deliveries to a webhook, ordered by id. */
export const listDeliveries = async (
  unit: UnitOfWork,
  selection: DeliverySelection,
  stretch: Stretch<string>,
): Promise<DeliveredEvent[]> => {
  const { ids, page } = idStretch(stretch)
  const deliveries = (await withEvents(unit, { ...selected(selection), ...ids })
    .orderBy('delivery.id', page.order.id)
    .limit(page.take)
    .getMany()) as DeliveryWithEvent[]
  return deliveries.map(delivery => ({ delivery, event: delivery.event }))
}

/** The number of deliveries to a webhook. */
export const countDeliveries = (unit: UnitOfWork, selection: DeliverySelection): Promise<number> =>
  unit.rows(WebhookDeliveryEntity).countBy(selected(selection))

/** The number of deliveries that wait for an attempt. */
export const countQueued = (unit: UnitOfWork): Promise<number> =>
  unit.rows(WebhookDeliveryEntity).countBy({ nextAttemptAt: Not(IsNull()) })

/** Saves the outcome of an attempt. */
export const insertAttempt = async (
  unit: WritingUnitOfWork,
  attempt: WebhookAttemptEntity,
): Promise<void> => {
  await unit.rows(WebhookAttemptEntity).insert(attempt)
}

/** The last attempts of each of these deliveries, newest first. */
export const listLastAttempts = (
  unit: UnitOfWork,
  deliveryIds: readonly string[],
  limitPerDelivery: number,
): Promise<WebhookAttemptEntity[]> => {
  if (deliveryIds.length === 0) return Promise.resolve([])
  const places = `SELECT id, ROW_NUMBER() OVER (PARTITION BY delivery_id ORDER BY id DESC) AS place
    FROM webhook_attempts WHERE delivery_id IN (:...deliveryIds)`
  return unit
    .rows(WebhookAttemptEntity)
    .createQueryBuilder('attempt')
    .where(
      `attempt.id IN (SELECT id FROM (${places}) AS places WHERE place <= :limitPerDelivery)`,
      {
        deliveryIds,
        limitPerDelivery,
      },
    )
    .orderBy('attempt.id', 'DESC')
    .getMany()
}

/** Events about a user, oldest first, after this id. */
export const listEventsOn = (
  unit: UnitOfWork,
  subjectId: string,
  afterId: string,
  limit: number,
): Promise<WebhookEventEntity[]> =>
  unit.rows(WebhookEventEntity).find({
    where: { subjectId, id: MoreThan(afterId) },
    order: { id: 'ASC' },
    take: limit,
  })
