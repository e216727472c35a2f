import type { MessageId } from '../messages/language.js'
import type { OperationAction } from '../operations/operation.entity.js'

/**
 * The event types that webhooks can subscribe to, in the groups in which a form shows them. The
 * names follow the Standard Webhooks specification.
 */
export const eventTypesByGroup = {
  USERS: [
    'user.created',
    'user.activated',
    'user.updated',
    'user.access_changed',
    'user.blocked',
    'user.unblocked',
    'user.deleted',
    'user.deletion_requested',
    'user.deletion_cancelled',
    'invitation.resent',
    'invitation.revoked',
  ],
  PASSWORDS: [
    'password.changed',
    'password.reset',
    'password.removed',
    'password.reset_link_created',
    'password.change_required',
    'password.change_requirement_withdrawn',
  ],
  SESSIONS: ['session.created', 'session.ended', 'sign_in.refused'],
  SECOND_FACTORS: [
    'second_factor.added',
    'second_factor.removed',
    'second_factor.reset',
    'recovery_codes.regenerated',
  ],
  API_TOKENS: ['api_token.created', 'api_token.revoked'],
} as const

/** A group of event types. */
export type EventGroup = keyof typeof eventTypesByGroup

/** All groups of event types, in the order of a form. */
export const eventGroups = Object.keys(eventTypesByGroup) as EventGroup[]

/** All event types that webhooks can subscribe to. */
export const eventTypes = Object.values(eventTypesByGroup).flat()

/** An event type that webhooks can subscribe to. */
export type EventType = (typeof eventTypes)[number]

/** The event type that sums up refused sign-ins. No single operation causes it. */
export const refusedSignInType = 'sign_in.refused' satisfies EventType

/**
 * True if “all events” contains the type. Anyone who knows a login can cause refused sign-ins, so
 * they must be chosen on purpose.
 */
export const isIncludedInAll = (type: EventType): boolean => type !== refusedSignInType

/** The event type that tests a webhook. Webhooks cannot subscribe to it. */
export const testEventType = 'webhook.test'

/** Any event type that Rekey sends. */
export type SentEventType = EventType | typeof testEventType

/** True if the text is an event type that webhooks can subscribe to. */
export const isEventType = (text: string): text is EventType =>
  (eventTypes as readonly string[]).includes(text)

/** The messages that describe the event types, shown when you choose events. */
export const eventDescriptions = {
  'user.created': 'webhooks.event.user.created',
  'user.activated': 'webhooks.event.user.activated',
  'user.updated': 'webhooks.event.user.updated',
  'user.access_changed': 'webhooks.event.user.access_changed',
  'user.blocked': 'webhooks.event.user.blocked',
  'user.unblocked': 'webhooks.event.user.unblocked',
  'user.deleted': 'webhooks.event.user.deleted',
  'user.deletion_requested': 'webhooks.event.user.deletion_requested',
  'user.deletion_cancelled': 'webhooks.event.user.deletion_cancelled',
  'invitation.resent': 'webhooks.event.invitation.resent',
  'invitation.revoked': 'webhooks.event.invitation.revoked',
  'password.changed': 'webhooks.event.password.changed',
  'password.reset': 'webhooks.event.password.reset',
  'password.removed': 'webhooks.event.password.removed',
  'password.reset_link_created': 'webhooks.event.password.reset_link_created',
  'password.change_required': 'webhooks.event.password.change_required',
  'password.change_requirement_withdrawn': 'webhooks.event.password.change_requirement_withdrawn',
  'session.created': 'webhooks.event.session.created',
  'session.ended': 'webhooks.event.session.ended',
  'sign_in.refused': 'webhooks.event.sign_in.refused',
  'second_factor.added': 'webhooks.event.second_factor.added',
  'second_factor.removed': 'webhooks.event.second_factor.removed',
  'second_factor.reset': 'webhooks.event.second_factor.reset',
  'recovery_codes.regenerated': 'webhooks.event.recovery_codes.regenerated',
  'api_token.created': 'webhooks.event.api_token.created',
  'api_token.revoked': 'webhooks.event.api_token.revoked',
} as const satisfies Record<EventType, MessageId>

/**
 * The event types that an operation causes when it is done. Every action must be listed, so that
 * the author of a new action has to decide.
 */
export const eventTypesOf: Record<OperationAction, readonly EventType[]> = {
  LOG_IN: ['session.created'],
  LOG_OUT: ['session.ended'],
  END_SESSION: ['session.ended'],
  END_OTHER_SESSIONS: ['session.ended'],
  CHANGE_PASSWORD: ['password.changed', 'session.ended'],
  REQUEST_PASSWORD_RESET: [],
  RESET_PASSWORD: ['password.reset', 'session.ended'],
  UPDATE_USER: ['user.updated'],
  INVITE_USER: ['user.created'],
  IMPORT_USER: ['user.created'],
  RESEND_INVITATION: ['invitation.resent'],
  REVOKE_INVITATION: ['invitation.revoked'],
  ACTIVATE_USER: ['user.activated', 'session.created'],
  CHANGE_ACCESS: ['user.access_changed'],
  BLOCK_USER: ['user.blocked', 'session.ended'],
  UNBLOCK_USER: ['user.unblocked'],
  DELETE_USER: ['user.deleted', 'session.ended'],
  REQUEST_OWN_DELETION: ['user.deletion_requested'],
  CANCEL_OWN_DELETION: ['user.deletion_cancelled'],
  SEND_PASSWORD_RESET_LINK: ['password.reset_link_created'],
  CREATE_PASSWORD_RESET_LINK: ['password.reset_link_created'],
  REQUIRE_PASSWORD_CHANGE: ['password.change_required'],
  WITHDRAW_PASSWORD_CHANGE_REQUIREMENT: ['password.change_requirement_withdrawn'],
  SIGN_OUT_USER: ['session.ended'],
  SECURE_USER: ['password.removed', 'session.ended', 'api_token.revoked'],
  CREATE_INVITATION_LINK: [],
  SET_UP_OWNER: ['user.created', 'session.created'],
  CHALLENGE_LOG_IN: [],
  START_BULK_JOB: [],
  CANCEL_BULK_JOB: [],
  EXPORT_USERS: [],
  PREVIEW_INVITATIONS: [],
  PREVIEW_IMPORT: [],
  READ: [],
  REAUTHENTICATE: [],
  ENROL_SECOND_FACTOR: ['second_factor.added'],
  RENAME_SECOND_FACTOR: [],
  REMOVE_SECOND_FACTOR: ['second_factor.removed'],
  REGENERATE_RECOVERY_CODES: ['recovery_codes.regenerated'],
  RESET_SECOND_FACTOR: ['second_factor.reset'],
  REVOKE_TRUSTED_DEVICE: [],
  REVOKE_ALL_TRUSTED_DEVICES: [],
  UPDATE_SECURITY_SETTINGS: [],
  UPDATE_ACCOUNT_SETTINGS: [],
  UPDATE_PASSWORD_POLICY: [],
  UPDATE_PASSWORD_AGE: [],
  UPDATE_SETUP_CHECKLIST: [],
  UPDATE_OPERATION_RETENTION: [],
  DELETE_OPERATIONS: [],
  UPDATE_ACCOUNT_LOOK: [],
  UPDATE_OWN_DELETION: [],
  ADD_ALLOWED_ADDRESS: [],
  REMOVE_ALLOWED_ADDRESS: [],
  CREATE_WEBHOOK: [],
  UPDATE_WEBHOOK: [],
  DISABLE_WEBHOOK: [],
  ROTATE_WEBHOOK_SECRET: [],
  DELETE_WEBHOOK: [],
  TEST_WEBHOOK: [],
  REPLAY_WEBHOOK_DELIVERY: [],
  SEND_TEST_MAIL: [],
  RETRY_MAIL: [],
  DROP_MAIL: [],
  CREATE_API_TOKEN: ['api_token.created'],
  REVOKE_API_TOKEN: ['api_token.revoked'],
  ROTATE_SECRETS_KEY: [],
}
