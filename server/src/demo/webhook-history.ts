import type { Services } from '../app/features.js'
import { insertMany } from '../database/insert-many.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { changeOf } from '../operations/operation-change.js'
import type { EventType } from '../webhooks/event-types.js'
import { WebhookEntity } from '../webhooks/webhook.entity.js'
import { WebhookAttemptEntity } from '../webhooks/webhook-attempt.entity.js'
import { WebhookDeliveryEntity } from '../webhooks/webhook-delivery.entity.js'
import { WebhookEventEntity } from '../webhooks/webhook-event.entity.js'
import { causedEventsOf, eventOf } from '../webhooks/webhook-event.js'
import { secretOf } from '../webhooks/webhook-outbox.service.js'
import { makeWebhookSecret } from '../webhooks/webhook-signature.js'
import { dayMs, idAt, placeOf } from './diary.js'
import { hoursBefore, type Story } from './story.js'

/** How many hours ago the second webhook began to fail. */
const failingHours = 5 * 24
/** How many hours ago Rekey disabled it. */
const disabledHours = 2 * 24

/**
 * Two webhooks with their deliveries. Both are disabled, so that the demo never calls anything: one
 * was paused by a user, the other failed for days. Their host is a reserved name.
 */
export const addWebhooks = async (
  unit: WritingUnitOfWork,
  services: Services,
  { diary, faker, now, all, olivia }: Story,
): Promise<void> => {
  const pausedAt = hoursBefore(now, 3)
  const webhookOf = async (
    name: string,
    description: string,
    events: EventType[],
    days: number,
    end: Pick<WebhookEntity, 'disabledReason' | 'disabledAt' | 'failingSince'>,
  ): Promise<WebhookEntity> => {
    const createdAt = hoursBefore(now, days * 24)
    const id = idAt(createdAt, faker)
    const url = new URL(`https://hooks.demo.example/${name}`)
    diary.note(createdAt, 'CREATE_WEBHOOK', olivia.row.id, null, placeOf(olivia.number), {
      changes: [changeOf('url', null, url.origin), changeOf('events', null, events)],
    })
    return {
      id,
      url: url.href,
      description,
      events,
      secret: await services.secrets.seal(makeWebhookSecret(), secretOf(id)),
      previousSecret: null,
      previousSecretExpiresAt: null,
      createdBy: olivia.row.id,
      createdAt,
      updatedAt: end.disabledAt ?? createdAt,
      ...end,
    }
  }
  const payroll = await webhookOf(
    'payroll',
    'Payroll',
    ['user.created', 'user.activated', 'user.updated', 'user.blocked', 'user.deleted'],
    200,
    { disabledReason: 'BY_USER', disabledAt: pausedAt, failingSince: null },
  )
  const support = await webhookOf(
    'support',
    'Support desk',
    ['user.created', 'user.activated', 'user.blocked', 'password.reset'],
    60,
    {
      disabledReason: 'FAILING',
      disabledAt: hoursBefore(now, disabledHours),
      failingSince: hoursBefore(now, failingHours),
    },
  )
  const origin = new URL(payroll.url).origin
  diary.note(pausedAt, 'UPDATE_WEBHOOK', olivia.row.id, null, placeOf(olivia.number), {
    changes: [changeOf('url', origin, origin), changeOf('enabled', true, false)],
  })

  const disabledOrigin = new URL(support.url).origin
  const server = { ip: 'server', userAgent: 'rekey webhooks' }
  diary.note(hoursBefore(now, disabledHours), 'DISABLE_WEBHOOK', null, null, server, {
    changes: [
      changeOf('url', disabledOrigin, disabledOrigin),
      changeOf('cause', 'FAILING', 'FAILING'),
    ],
  })

  const users = new Map(all.map(({ row }) => [row.id, row]))
  const events: WebhookEventEntity[] = []
  const deliveries: WebhookDeliveryEntity[] = []
  const attempts: WebhookAttemptEntity[] = []
  const attempt = (
    { id: deliveryId, createdAt }: WebhookDeliveryEntity,
    number: number,
    answer: Pick<WebhookAttemptEntity, 'status' | 'failure' | 'excerpt'>,
  ) => {
    const at = new Date(createdAt.getTime() + 800 + (4 ** number - 1) * 10_000)
    const durationMs =
      answer.failure === 'TIMED_OUT' ? 10_000 : faker.number.int({ min: 60, max: 480 })
    attempts.push({ id: idAt(at, faker), deliveryId, at, durationMs, ...answer })
  }
  const success = { status: 200, failure: null, excerpt: '{"ok":true}' } as const
  const busy = { status: 503, failure: null, excerpt: 'Service Unavailable' } as const
  const noAnswer = { status: null, failure: 'TIMED_OUT', excerpt: null } as const

  // Events are kept for 30 days.
  const recent = diary.inOrder().filter(({ at }) => now.getTime() - at.getTime() < 28 * dayMs)
  const caused = recent.filter(({ outcome }) => outcome === 'DONE').flatMap(causedEventsOf)
  for (const [index, cause] of caused.entries()) {
    const { type, subjectId, operation } = cause
    const { at } = operation
    const receivers = [payroll, support].filter(
      webhook => webhook.events.includes(type) && (webhook.disabledAt ?? now) > at,
    )
    if (receivers.length === 0) continue
    const event = { ...eventOf(cause, users.get(subjectId) ?? null), id: idAt(at, faker) }
    events.push(event)
    for (const webhook of receivers) {
      const fails = webhook.failingSince !== null && at > webhook.failingSince
      // The older ones of those that fail were given up; the others are held.
      const isGivenUp = fails && now.getTime() - at.getTime() > (failingHours - 48) * 60 * 60_000
      const delivery: WebhookDeliveryEntity = {
        id: idAt(at, faker),
        webhookId: webhook.id,
        eventId: event.id,
        status: fails ? (isGivenUp ? 'FAILED' : 'PENDING') : 'DELIVERED',
        failedAttempts: fails ? (isGivenUp ? 11 : 4) : 0,
        nextAttemptAt: null,
        createdAt: at,
      }
      deliveries.push(delivery)
      if (fails) {
        const count = isGivenUp ? 7 : 4
        for (let number = 0; number < count; number += 1) {
          attempt(delivery, number, number % 2 === 0 ? busy : noAnswer)
        }
      } else if (index % 17 === 3) {
        attempt(delivery, 0, busy)
        attempt(delivery, 1, success)
      } else {
        attempt(delivery, 0, success)
      }
    }
  }
  await insertMany(unit.rows(WebhookEntity), [payroll, support])
  await insertMany(unit.rows(WebhookEventEntity), events)
  await insertMany(unit.rows(WebhookDeliveryEntity), deliveries)
  await insertMany(unit.rows(WebhookAttemptEntity), attempts)
}
