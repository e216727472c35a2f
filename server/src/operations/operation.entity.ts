import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'
import { changeList, type OperationChange } from './operation-change.js'

/** All actions. Most are named after their mutation. */
export const operationActions = [
  'LOG_IN',
  'CHALLENGE_LOG_IN',
  'LOG_OUT',
  'END_SESSION',
  'END_OTHER_SESSIONS',
  'REAUTHENTICATE',
  'CHANGE_PASSWORD',
  'REQUEST_PASSWORD_RESET',
  'RESET_PASSWORD',
  'SEND_PASSWORD_RESET_LINK',
  'CREATE_PASSWORD_RESET_LINK',
  'REQUIRE_PASSWORD_CHANGE',
  'WITHDRAW_PASSWORD_CHANGE_REQUIREMENT',
  'SIGN_OUT_USER',
  'SECURE_USER',
  'UPDATE_USER',
  'INVITE_USER',
  'PREVIEW_INVITATIONS',
  'IMPORT_USER',
  'PREVIEW_IMPORT',
  'RESEND_INVITATION',
  'REVOKE_INVITATION',
  'CREATE_INVITATION_LINK',
  'ACTIVATE_USER',
  'CHANGE_ACCESS',
  'BLOCK_USER',
  'UNBLOCK_USER',
  'DELETE_USER',
  'REQUEST_OWN_DELETION',
  'CANCEL_OWN_DELETION',
  'START_BULK_JOB',
  'CANCEL_BULK_JOB',
  'EXPORT_USERS',
  'ENROL_SECOND_FACTOR',
  'RENAME_SECOND_FACTOR',
  'REMOVE_SECOND_FACTOR',
  'REGENERATE_RECOVERY_CODES',
  'RESET_SECOND_FACTOR',
  'REVOKE_TRUSTED_DEVICE',
  'REVOKE_ALL_TRUSTED_DEVICES',
  'UPDATE_SECURITY_SETTINGS',
  'UPDATE_ACCOUNT_SETTINGS',
  'UPDATE_PASSWORD_POLICY',
  'UPDATE_PASSWORD_AGE',
  'UPDATE_SETUP_CHECKLIST',
  'UPDATE_OPERATION_RETENTION',
  'DELETE_OPERATIONS',
  'UPDATE_ACCOUNT_LOOK',
  'UPDATE_OWN_DELETION',
  'ADD_ALLOWED_ADDRESS',
  'REMOVE_ALLOWED_ADDRESS',
  'SET_UP_OWNER',
  'CREATE_WEBHOOK',
  'UPDATE_WEBHOOK',
  'DISABLE_WEBHOOK',
  'ROTATE_WEBHOOK_SECRET',
  'DELETE_WEBHOOK',
  'TEST_WEBHOOK',
  'REPLAY_WEBHOOK_DELIVERY',
  'SEND_TEST_MAIL',
  'RETRY_MAIL',
  'DROP_MAIL',
  'CREATE_API_TOKEN',
  'REVOKE_API_TOKEN',
  'ROTATE_SECRETS_KEY',
  'READ',
] as const

/** An action that was done, or refused. */
export type OperationAction = (typeof operationActions)[number]

/** The possible outcomes: DONE, or REFUSED with a reason. */
export const operationOutcomes = ['DONE', 'REFUSED'] as const

/** The outcome of an operation. */
export type OperationOutcome = (typeof operationOutcomes)[number]

/**
 * A row of `operations`: who did what to whom, when, from where, and with which outcome. Rows
 * are added, and then chained once. Database triggers reject every other change, except that the
 * oldest rows can be deleted: see `operation-cut.entity.ts`.
 */
@Entity('operations')
export class OperationEntity {
  /** UUIDv7: the list is ordered by it. */
  @PrimaryColumn('varchar')
  id!: string

  @Column('bigint', { transformer: instant })
  at!: Date

  @Column('varchar')
  action!: OperationAction

  @Column('varchar')
  outcome!: OperationOutcome

  /** Error code if the operation was refused. It never contains user input. */
  @Column('varchar', { nullable: true })
  reason!: string | null

  /** The user who did it; null if nobody was signed in. */
  @Column('varchar', { name: 'actor_id', nullable: true })
  actorId!: string | null

  /** The user it was done to; null if there is none, or the user is unknown. */
  @Column('varchar', { name: 'subject_id', nullable: true })
  subjectId!: string | null

  @Column('varchar')
  ip!: string

  @Column('varchar', { name: 'user_agent' })
  userAgent!: string

  /** Id of the request, to find its lines in the log. */
  @Column('varchar', { name: 'request_id' })
  requestId!: string

  /** Prefix of the API token that was used; null if none was. */
  @Column('varchar', { name: 'api_token_prefix', nullable: true })
  apiTokenPrefix!: string | null

  /** What the operation changed, if its action and subject do not show it. */
  @Column('varchar', { nullable: true, transformer: changeList })
  changes!: readonly OperationChange[]

  /** Place in the chain, from 1 without gaps; null until the operation is chained. */
  @Column('integer', { nullable: true })
  number!: number | null

  /** Hash of the operation before; see `operation-chain.ts`. */
  @Column('varchar', { name: 'previous_hash', nullable: true })
  previousHash!: string | null

  /**
   * SHA-256 over all columns above, in hex. Older versions left out the id; see
   * `operation-chain.ts`.
   */
  @Column('varchar', { nullable: true })
  hash!: string | null
}
