import { Column, Entity, PrimaryColumn } from 'typeorm'

/** What a job can do with a user: apply the action, be refused, or skip the user. */
export const bulkOutcomes = ['DONE', 'REFUSED', 'SKIPPED'] as const

/** The outcome for one user. */
export type BulkOutcome = (typeof bulkOutcomes)[number]

/** Why a user was not changed. */
export const bulkReasons = [
  'SELF',
  'OWNER',
  'USER_NOT_FOUND',
  'PERMISSION_MISSING',
  'OUTRANKED',
  'BEYOND_OWN_ACCESS',
  'LAST_OWNER',
  'NOT_ACTIVE',
  'NOT_BLOCKED',
  'NOT_INVITED',
  'INVITED',
  'BLOCKED',
  'PASSWORD_MISSING',
  'PASSWORD_TEMPORARY',
  'PASSWORD_TOO_OLD',
  'MAIL_NOT_CONFIGURED',
  'TOO_MANY_ATTEMPTS',
] as const

/** Why a user was refused or skipped. */
export type BulkReason = (typeof bulkReasons)[number]

/** A row of `bulk_job_users`: one user of a job, and the outcome once the job has handled them. */
@Entity('bulk_job_users')
export class BulkJobUserEntity {
  @PrimaryColumn('varchar', { name: 'job_id' })
  jobId!: string

  /** From 1 without gaps. */
  @PrimaryColumn('integer')
  position!: number

  /** The user may be deleted by now. */
  @Column('varchar', { name: 'user_id' })
  userId!: string

  /** Null until the job has handled the user. */
  @Column('varchar', { nullable: true })
  outcome!: BulkOutcome | null

  /** Null unless the outcome is REFUSED or SKIPPED. */
  @Column('varchar', { nullable: true })
  reason!: BulkReason | null
}
