import { permissionsOf } from '@rekey/shared/access'
import { uuidv7 } from 'uuidv7'
import type { OperationEntity } from '../operations/operation.entity.js'
import type { UserEntity } from '../users/user.entity.js'
import { type EventType, eventTypesOf, refusedSignInType, testEventType } from './event-types.js'
import type { RefusedSignIns } from './refused-sign-ins.js'
import type { WebhookEventEntity } from './webhook-event.entity.js'

/** The data of an event, without its type, its time and the login. */
interface EventData {
  readonly user?: { readonly id: string; readonly [field: string]: unknown }
  /** The fields of its type, and the ids of the operation and its actor if one caused it. */
  readonly [field: string]: unknown
}

/** An event that an operation causes, before its user is known. */
export interface CausedEvent {
  readonly type: EventType
  readonly operation: OperationEntity
  readonly subjectId: string
  /** The fields that only this type has. */
  readonly details: Readonly<Record<string, unknown>>
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

type Details = CausedEvent['details']

/** The items of a change of an operation, before or after it. */
const itemsOf = (
  { changes }: OperationEntity,
  name: string,
  side: 'from' | 'to' = 'to',
): string[] => changes.find(change => change.name === name)?.[side]?.split(', ') ?? []

/** Which sessions of its subject an operation ended. */
const endedSessionsOf = ({ action, actorId, subjectId, apiTokenPrefix }: OperationEntity) => {
  if (action === 'LOG_OUT' || action === 'END_SESSION') return 'ONE'
  if (action === 'END_OTHER_SESSIONS') return 'OTHERS'
  // A change of your own password keeps the session that it is done with.
  const keepsOne = action === 'CHANGE_PASSWORD' && actorId === subjectId && apiTokenPrefix === null
  return keepsOne ? 'OTHERS' : 'ALL'
}

const revokedTokensOf = (operation: OperationEntity): string[] =>
  operation.action === 'SECURE_USER'
    ? itemsOf(operation, 'apiTokensRevoked', 'from')
    : itemsOf(operation, 'apiTokenPrefix', 'from')

/** The own fields of each event of this type that an operation causes. No entry means no event. */
const detailsOf = (type: EventType, operation: OperationEntity): readonly Details[] => {
  switch (type) {
    case 'session.created':
      if (operation.action === 'LOG_IN') return [{ methods: itemsOf(operation, 'method') }]
      // Who activates themselves or sets up Rekey is signed in. An administrator does it for others.
      return operation.actorId === operation.subjectId ? [{ methods: [] }] : []
    case 'session.ended':
      return [{ sessions: endedSessionsOf(operation) }]
    case 'second_factor.added':
      return [{ method: itemsOf(operation, 'method')[0] }]
    case 'second_factor.removed':
      return [{ method: itemsOf(operation, 'method', 'from')[0] }]
    case 'api_token.created': {
      const [prefix] = itemsOf(operation, 'apiTokenPrefix')
      return [{ apiToken: { prefix, permissions: itemsOf(operation, 'permissions') } }]
    }
    case 'api_token.revoked':
      return revokedTokensOf(operation).map(prefix => ({ apiToken: { prefix } }))
    default:
      return [{}]
  }
}

/** The events that an operation on a user causes. */
export const causedEventsOf = (operation: OperationEntity): CausedEvent[] => {
  const { action, subjectId } = operation
  if (subjectId === null) return []
  return eventTypesOf[action].flatMap(type =>
    detailsOf(type, operation).map(details => ({ type, operation, subjectId, details })),
  )
}

const eventAbout = (
  type: EventType,
  at: Date,
  subjectId: string | null,
  user: UserEntity | null,
  data: EventData,
): WebhookEventEntity => ({
  id: uuidv7(),
  type,
  at,
  subjectId,
  login: user?.login ?? null,
  data: JSON.stringify(data),
})

/**
 * Creates an event that an operation causes.
 *
 * @param user the user after the operation; null if the user no longer exists.
 */
export const eventOf = (
  { type, operation, subjectId, details }: CausedEvent,
  user: UserEntity | null,
): WebhookEventEntity =>
  eventAbout(type, operation.at, subjectId, user, {
    operationId: operation.id,
    actorId: operation.actorId,
    user: userDataOf(type, subjectId, user),
    ...details,
  })

/** Creates the event that sums up the refused sign-ins of a user. */
export const refusedSignInEventOf = (
  at: Date,
  user: UserEntity,
  refused: RefusedSignIns,
): WebhookEventEntity =>
  eventAbout(refusedSignInType, at, user.id, user, {
    user: userDataOf(refusedSignInType, user.id, user),
    ...refused,
  })

/** Creates the event that sums up the refused sign-ins of more users than get their own event. */
export const otherRefusedSignInsEventOf = (
  at: Date,
  users: number,
  refused: RefusedSignIns,
): WebhookEventEntity => eventAbout(refusedSignInType, at, null, null, { users, ...refused })

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
