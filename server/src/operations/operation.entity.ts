import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** What can be done, as a verb on a thing. */
export type OperationAction =
  | 'session.logIn'
  | 'session.logOut'
  | 'password.change'
  | 'user.update'
  | 'owner.setUp'

/** DONE, or REFUSED with a reason. */
export type OperationOutcome = 'DONE' | 'REFUSED'

/** A row of `operations`: who did what to whom, when, from where, with what outcome. */
@Entity('operations')
export class OperationEntity {
  /** UUIDv7: in the order of time. */
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
}
