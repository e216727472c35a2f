import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'
import { changeList, type OperationChange } from './operation-change.js'

/** What can be done; most are named after their mutation. */
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
  'UPDATE_USER',
  'INVITE_USER',
  'PREVIEW_INVITATIONS',
  'RESEND_INVITATION',
  'REVOKE_INVITATION',
  'ACTIVATE_USER',
  'CHANGE_ACCESS',
  'BLOCK_USER',
  'UNBLOCK_USER',
  'DELETE_USER',
  'ENROL_SECOND_FACTOR',
  'RENAME_SECOND_FACTOR',
  'REMOVE_SECOND_FACTOR',
  'REGENERATE_RECOVERY_CODES',
  'RESET_SECOND_FACTOR',
  'REVOKE_TRUSTED_DEVICE',
  'REVOKE_ALL_TRUSTED_DEVICES',
  'UPDATE_SECURITY_SETTINGS',
  'UPDATE_ACCOUNT_SETTINGS',
  'ADD_ALLOWED_ADDRESS',
  'REMOVE_ALLOWED_ADDRESS',
  'SET_UP_OWNER',
  'CREATE_WEBHOOK',
  'UPDATE_WEBHOOK',
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

/** What was done, or tried. */
export type OperationAction = (typeof operationActions)[number]

/** DONE, or REFUSED with a reason. */
export const operationOutcomes = ['DONE', 'REFUSED'] as const

/** How it ended. */
export type OperationOutcome = (typeof operationOutcomes)[number]

/**
 * A row of `operations`: who did what to whom, when, from where, with what outcome.
 * Rows are only ever added, and chained once; triggers of the database refuse all else.
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

  /** Code of a refusal. Never anything that was typed. */
  @Column('varchar', { nullable: true })
  reason!: string | null

  /** Who; null when nobody was signed in. */
  @Column('varchar', { name: 'actor_id', nullable: true })
  actorId!: string | null

  /** On whom; null when no such user is known. */
  @Column('varchar', { name: 'subject_id', nullable: true })
  subjectId!: string | null

  @Column('varchar')
  ip!: string

  @Column('varchar', { name: 'user_agent' })
  userAgent!: string

  /** Ties the row to the lines of the log. */
  @Column('varchar', { name: 'request_id' })
  requestId!: string

  /** What the API token begins with by which it was done; null without one. */
  @Column('varchar', { name: 'api_token_prefix', nullable: true })
  apiTokenPrefix!: string | null

  /** What it changed, where its action and subject don't say it. */
  @Column('varchar', { nullable: true, transformer: changeList })
  changes!: readonly OperationChange[]

  /** Counts from 1 without a gap; null for the moment until it is chained. */
  @Column('integer', { nullable: true })
  number!: number | null

  /** The hash of the operation before; see `operation-chain.ts`. */
  @Column('varchar', { name: 'previous_hash', nullable: true })
  previousHash!: string | null

  /** SHA-256 over all of the above but the id, in hex. */
  @Column('varchar', { nullable: true })
  hash!: string | null
}
