import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant } from '../database/columns.js'

/** The actions that a job can apply. */
export const bulkActions = [
  'BLOCK',
  'DELETE',
  'RESEND_INVITATION',
  'SEND_PASSWORD_RESET_LINK',
  'REQUIRE_PASSWORD_CHANGE',
  'WITHDRAW_PASSWORD_CHANGE_REQUIREMENT',
  'SIGN_OUT',
] as const

/** An action that a job applies to each of its users. */
export type BulkAction = (typeof bulkActions)[number]

/** The states of a job: PENDING, RUNNING, and one of the ends DONE, CANCELLED or STOPPED. */
export const bulkJobStatuses = ['PENDING', 'RUNNING', 'DONE', 'CANCELLED', 'STOPPED'] as const

/** The state of a job. */
export type BulkJobStatus = (typeof bulkJobStatuses)[number]

/** Why the server can stop a job before its end. */
export const bulkStopReasons = [
  'STARTER_NOT_ACTIVE',
  'PERMISSION_MISSING',
  'API_TOKEN_INVALID',
] as const

/** Why the server stopped a job. */
export type BulkStopReason = (typeof bulkStopReasons)[number]

/**
 * A row of `bulk_jobs`: an action on many users that runs in the background. The users are rows of
 * `bulk_job_users`. They are handled in the order of their positions, so the sum of the counts is
 * the position of the last user who was handled.
 */
@Entity('bulk_jobs')
export class BulkJobEntity {
  /** UUIDv7: the list is ordered by it. */
  @PrimaryColumn('varchar')
  id!: string

  /** The user who started it. Only they can see it. */
  @Column('varchar', { name: 'starter_id' })
  starterId!: string

  /** The API token it was started with; null for a session. The token may be revoked by now. */
  @Column('varchar', { name: 'api_token_id', nullable: true })
  apiTokenId!: string | null

  /** The first characters of that token, for the operations. */
  @Column('varchar', { name: 'api_token_prefix', nullable: true })
  apiTokenPrefix!: string | null

  @Column('varchar')
  action!: BulkAction

  /** The reason of a block, as it was written; null if there is none, and for other actions. */
  @Column('varchar', { nullable: true })
  reason!: string | null

  @Column('varchar')
  status!: BulkJobStatus

  /** Null unless the status is STOPPED. */
  @Column('varchar', { name: 'stop_reason', nullable: true })
  stopReason!: BulkStopReason | null

  /** The number of its users. */
  @Column('integer')
  total!: number

  @Column('integer')
  done!: number

  @Column('integer')
  refused!: number

  @Column('integer')
  skipped!: number

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  /** When it ended; null while it is unfinished. */
  @Column('bigint', { name: 'finished_at', nullable: true, transformer: optionalInstant })
  finishedAt!: Date | null

  /** Where the request that started it came from, for the operations. */
  @Column('varchar')
  ip!: string

  @Column('varchar', { name: 'user_agent' })
  userAgent!: string

  @Column('varchar', { name: 'request_id' })
  requestId!: string
}
