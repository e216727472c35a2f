import { permissionsOf } from '@rekey/shared/access'
import { uuidv7 } from 'uuidv7'
import type { OperationEntity } from '../operations/operation.entity.js'
import type { UserEntity } from '../users/user.entity.js'
import { type EventType, testEventType } from './event-types.js'
import type { WebhookEventEntity } from './webhook-event.entity.js'

/** What is told of an event beside its type, its time and the login. */
interface EventData {
  /** Of the operation list; none of a test. */
  readonly operationId?: string
  /** Who did it; null when nobody was signed in. */
  readonly actorId?: string | null
  readonly user?: { readonly id: string; readonly [told: string]: unknown }
  readonly webhookId?: string
}

/** What is told of a user: ids and what others need to act on, nothing of the person but the login. */
const tellOf = (type: EventType, subjectId: string, user: UserEntity | null) => {
  if (user === null) return { id: subjectId }
  const { id, role, status } = user
  const access = type === 'user.access_changed' ? { permissions: permissionsOf(user) } : {}
  return { id, status, role, ...access }
}

/** The event that an operation makes. */
export const eventOf = (
  type: EventType,
  operation: OperationEntity,
  subjectId: string,
  /** As they are after it; null when there is nobody any more. */
  user: UserEntity | null,
): WebhookEventEntity => {
  const data: EventData = {
    operationId: operation.id,
    actorId: operation.actorId,
    user: tellOf(type, subjectId, user),
  }
  return {
    id: uuidv7(),
    type,
    at: operation.at,
    subjectId,
    login: user?.login ?? null,
    data: JSON.stringify(data),
  }
}

/** The event that tests a webhook. */
export const testEventOf = (webhookId: string): WebhookEventEntity => {
  const data: EventData = { webhookId }
  return {
    id: uuidv7(),
    type: testEventType,
    at: new Date(),
    subjectId: null,
    login: null,
    data: JSON.stringify(data),
  }
}

/** What is sent of an event (Standard Webhooks, “Payload structure”), as JSON. */
export const bodyOf = ({ type, at, login, data }: WebhookEventEntity): string => {
  const { user, ...rest }: EventData = JSON.parse(data)
  if (user === undefined) return JSON.stringify({ type, timestamp: at, data: rest })
  const { id, ...told } = user
  const named = login === null ? { id } : { id, login }
  return JSON.stringify({ type, timestamp: at, data: { ...rest, user: { ...named, ...told } } })
}
