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

/** A delivery with the event it is of. */
export interface DeliveredEvent {
  readonly delivery: WebhookDeliveryEntity
  readonly event: WebhookEventEntity
}

/** Which deliveries a list is of. */
export interface DeliverySelection {
  readonly webhookId: string
  /** Any of these; an empty list does not narrow. */
  readonly statuses: readonly WebhookDeliveryStatus[]
}

/** Keeps a new webhook. */
export const insertWebhook = async (
  unit: WritingUnitOfWork,
  webhook: WebhookEntity,
): Promise<void> => {
  await unit.rows(WebhookEntity).insert(webhook)
}

/** Changes what is given of a webhook. */
export const updateWebhook = async (
  unit: WritingUnitOfWork,
  id: string,
  changes: Partial<WebhookEntity>,
): Promise<void> => {
  await unit.rows(WebhookEntity).update({ id }, changes)
}

/** Removes a webhook with its deliveries and their attempts. */
export const deleteWebhook = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(WebhookEntity).delete({ id })
}

/** The webhook with this id, or null. */
export const findWebhook = (unit: UnitOfWork, id: string): Promise<WebhookEntity | null> =>
  unit.rows(WebhookEntity).findOneBy({ id })

/** How many webhooks there are. */
export const countWebhooks = (unit: UnitOfWork): Promise<number> => unit.rows(WebhookEntity).count()

/** A stretch of the webhooks, by their ids. */
export const listWebhooks = (
  unit: UnitOfWork,
  stretch: Stretch<string>,
): Promise<WebhookEntity[]> => {
  const { ids, page } = idStretch(stretch)
  return unit.rows(WebhookEntity).find({ where: ids, ...page })
}

/** The webhooks that are told anything now. */
export const listEnabledWebhooks = (unit: UnitOfWork): Promise<WebhookEntity[]> =>
  unit.rows(WebhookEntity).find({ where: { disabledAt: IsNull() }, order: { id: 'ASC' } })

/** Forgets secrets that are not signed with any more. */
export const deleteExpiredSecrets = async (unit: WritingUnitOfWork, now: Date): Promise<void> => {
  await unit.query(SQL`UPDATE webhooks
    SET previous_secret = NULL, previous_secret_expires_at = NULL
    WHERE previous_secret_expires_at <= ${now.getTime()}`)
}

/** Keeps events. */
export const insertEvents = (
  unit: WritingUnitOfWork,
  events: readonly WebhookEventEntity[],
): Promise<void> => insertMany(unit.rows(WebhookEventEntity), events)

/** Erases what is kept about people in the events that were of them, and in the answers to these. */
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

/** Removes the oldest events before then, with their deliveries; gives how many there were. */
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

/** Puts deliveries into the queue. */
export const insertDeliveries = (
  unit: WritingUnitOfWork,
  deliveries: readonly WebhookDeliveryEntity[],
): Promise<void> => insertMany(unit.rows(WebhookDeliveryEntity), deliveries)

/** Changes what is given of a delivery. */
export const updateDelivery = async (
  unit: WritingUnitOfWork,
  id: string,
  changes: Partial<WebhookDeliveryEntity>,
): Promise<void> => {
  await unit.rows(WebhookDeliveryEntity).update({ id }, changes)
}

/** Keeps what is still to be delivered to a webhook until it is released. */
export const holdPending = async (unit: WritingUnitOfWork, webhookId: string): Promise<void> => {
  await unit
    .rows(WebhookDeliveryEntity)
    .update({ webhookId, status: 'PENDING' }, { nextAttemptAt: null })
}

/** Puts what was held back into the queue. */
export const releaseHeld = async (
  unit: WritingUnitOfWork,
  webhookId: string,
  now: Date,
): Promise<void> => {
  await unit
    .rows(WebhookDeliveryEntity)
    .update({ webhookId, status: 'PENDING', nextAttemptAt: IsNull() }, { nextAttemptAt: now })
}

/** When the next delivery to any but these webhooks is due, or null when there is none. */
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

/** Makes deliveries due now that are planned for this time or later. */
export const planAtOnce = async (
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
 * Takes the delivery that has been due longest for oneself until then, or null when none
 * is due to any but these webhooks. Those that another instance is just claiming are
 * passed over.
 */
export const claimDue = async (
  unit: WritingUnitOfWork,
  now: Date,
  claimedUntil: Date,
  busyWebhookIds: readonly string[],
): Promise<DeliveredEvent | null> => {
  // SQLite knows no locks on rows, and needs none: it has one writer.
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

const selected = ({
  webhookId,
  statuses,
}: DeliverySelection): FindOptionsWhere<WebhookDeliveryEntity> => ({
  webhookId,
  ...(statuses.length === 0 ? {} : { status: In([...statuses]) }),
})

/** A stretch of the deliveries to a webhook, by their ids. */
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

/** How many deliveries to a webhook there are. */
export const countDeliveries = (unit: UnitOfWork, selection: DeliverySelection): Promise<number> =>
  unit.rows(WebhookDeliveryEntity).countBy(selected(selection))

/** How many deliveries wait for their turn. */
export const countQueued = (unit: UnitOfWork): Promise<number> =>
  unit.rows(WebhookDeliveryEntity).countBy({ nextAttemptAt: Not(IsNull()) })

/** Keeps what became of an attempt. */
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
  mostOfEach: number,
): Promise<WebhookAttemptEntity[]> => {
  if (deliveryIds.length === 0) return Promise.resolve([])
  const places = `SELECT id, ROW_NUMBER() OVER (PARTITION BY delivery_id ORDER BY id DESC) AS place
    FROM webhook_attempts WHERE delivery_id IN (:...deliveryIds)`
  return unit
    .rows(WebhookAttemptEntity)
    .createQueryBuilder('attempt')
    .where(`attempt.id IN (SELECT id FROM (${places}) AS places WHERE place <= :mostOfEach)`, {
      deliveryIds,
      mostOfEach,
    })
    .orderBy('attempt.id', 'DESC')
    .getMany()
}

/** What was told of someone, oldest first, after this id. */
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
