import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** A row of `password_reset_requests`: a request that waits to be handled. Handling deletes it. */
@Entity('password_reset_requests')
export class PasswordResetRequestEntity {
  /** A UUIDv7, so that ids sort by when the request arrived. */
  @PrimaryColumn('varchar')
  id!: string

  /** The login as it was typed, folded. Perhaps no user has it. */
  @Column('varchar')
  login!: string

  @Column('bigint', { name: 'requested_at', transformer: instant })
  requestedAt!: Date

  @Column('varchar')
  ip!: string

  @Column('varchar', { name: 'user_agent' })
  userAgent!: string

  @Column('varchar', { name: 'request_id' })
  requestId!: string
}
