import { permissionsOf } from '@rekey/shared/access'
import { uuidv7 } from 'uuidv7'
import type { OperationEntity } from '../operations/operation.entity.js'
import type { UserEntity } from '../users/user.entity.js'
import { type EventType, testEventType } from './event-types.js'
import type { WebhookEventEntity } from './webhook-event.entity.js'

/** The data of an event, without its type, its time and the login. */
interface EventData {
  /** Id of the operation that caused the event; absent for a test. */
  readonly operationId?: string
  /** The user who did it; null if nobody was signed in. */
  readonly actorId?: string | null
  readonly user?: { readonly id: string; readonly [field: string]: unknown }
  readonly webhookId?: string
}

/**
 * What an event says about a user: the id and what receivers need to act on. The login is the
 * only personal data, and it is added later.
 */
const userDataOf = (type: EventType, subjectId: string, user: UserEntity | null) => {
  if (user === null) return { id: subjectId }
  const { id, role, status } = user
  const access = type === 'user.access_changed' ? { permissions: permissionsOf(user) } : {}
  return { id, status, role, ...access }
}

/** Creates the event that an operation causes. */
export const eventOf = (
  type: EventType,
  operation: OperationEntity,
  subjectId: string,
  /** The user after the operation; null if the user no longer exists. */
  user: UserEntity | null,
): WebhookEventEntity => {
  const data: EventData = {
    operationId: operation.id,
    actorId: operation.actorId,
    user: userDataOf(type, subjectId, user),
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

/** Creates the event that tests a webhook. */
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

/** The request body for an event, as JSON (Standard Webhooks, “Payload structure”). */
export const bodyOf = ({ type, at, login, data }: WebhookEventEntity): string => {
  const { user, ...rest }: EventData = JSON.parse(data)
  if (user === undefined) return JSON.stringify({ type, timestamp: at, data: rest })
  const { id, ...others } = user
  const named = login === null ? { id } : { id, login }
  return JSON.stringify({ type, timestamp: at, data: { ...rest, user: { ...named, ...others } } })
}
