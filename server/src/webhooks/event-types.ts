import type { MessageId } from '../messages/language.js'
import type { OperationAction } from '../operations/operation.entity.js'

/**
 * The event types that webhooks can subscribe to. The names follow the Standard Webhooks
 * specification.
 */
export const eventTypes = [
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
  'password.changed',
  'password.reset',
] as const

/** An event type that webhooks can subscribe to. */
export type EventType = (typeof eventTypes)[number]

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
} as const satisfies Record<EventType, MessageId>

/**
 * The event type that an operation causes when it is done; null if it causes none. Every action
 * must be listed, so that the author of a new action has to decide.
 */
export const eventTypeOf: Record<OperationAction, EventType | null> = {
  LOG_IN: null,
  LOG_OUT: null,
  END_SESSION: null,
  END_OTHER_SESSIONS: null,
  CHANGE_PASSWORD: 'password.changed',
  REQUEST_PASSWORD_RESET: null,
  RESET_PASSWORD: 'password.reset',
  UPDATE_USER: 'user.updated',
  INVITE_USER: 'user.created',
  IMPORT_USER: 'user.created',
  RESEND_INVITATION: 'invitation.resent',
  REVOKE_INVITATION: 'invitation.revoked',
  ACTIVATE_USER: 'user.activated',
  CHANGE_ACCESS: 'user.access_changed',
  BLOCK_USER: 'user.blocked',
  UNBLOCK_USER: 'user.unblocked',
  DELETE_USER: 'user.deleted',
  REQUEST_OWN_DELETION: 'user.deletion_requested',
  CANCEL_OWN_DELETION: 'user.deletion_cancelled',
  // The password is still the same.
  SEND_PASSWORD_RESET_LINK: null,
  CREATE_PASSWORD_RESET_LINK: null,
  REQUIRE_PASSWORD_CHANGE: null,
  WITHDRAW_PASSWORD_CHANGE_REQUIREMENT: null,
  SIGN_OUT_USER: null,
  SECURE_USER: null,
  CREATE_INVITATION_LINK: null,
  SET_UP_OWNER: 'user.created',
  CHALLENGE_LOG_IN: null,
  START_BULK_JOB: null,
  CANCEL_BULK_JOB: null,
  EXPORT_USERS: null,
  PREVIEW_INVITATIONS: null,
  PREVIEW_IMPORT: null,
  READ: null,
  REAUTHENTICATE: null,
  ENROL_SECOND_FACTOR: null,
  RENAME_SECOND_FACTOR: null,
  REMOVE_SECOND_FACTOR: null,
  REGENERATE_RECOVERY_CODES: null,
  RESET_SECOND_FACTOR: null,
  REVOKE_TRUSTED_DEVICE: null,
  REVOKE_ALL_TRUSTED_DEVICES: null,
  UPDATE_SECURITY_SETTINGS: null,
  UPDATE_ACCOUNT_SETTINGS: null,
  UPDATE_PASSWORD_POLICY: null,
  UPDATE_PASSWORD_AGE: null,
  UPDATE_SETUP_CHECKLIST: null,
  UPDATE_OPERATION_RETENTION: null,
  DELETE_OPERATIONS: null,
  UPDATE_ACCOUNT_LOOK: null,
  UPDATE_OWN_DELETION: null,
  ADD_ALLOWED_ADDRESS: null,
  REMOVE_ALLOWED_ADDRESS: null,
  CREATE_WEBHOOK: null,
  UPDATE_WEBHOOK: null,
  DISABLE_WEBHOOK: null,
  ROTATE_WEBHOOK_SECRET: null,
  DELETE_WEBHOOK: null,
  TEST_WEBHOOK: null,
  REPLAY_WEBHOOK_DELIVERY: null,
  SEND_TEST_MAIL: null,
  RETRY_MAIL: null,
  DROP_MAIL: null,
  CREATE_API_TOKEN: null,
  REVOKE_API_TOKEN: null,
  ROTATE_SECRETS_KEY: null,
}
