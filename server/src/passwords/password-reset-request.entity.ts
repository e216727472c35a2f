import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** A row of `password_reset_requests`: a request that is still to be looked into. It is deleted by that. */
@Entity('password_reset_requests')
export class PasswordResetRequestEntity {
  /** UUIDv7: in the order in which they came. */
  @PrimaryColumn('varchar')
  id!: string

  /** As it was typed, folded. It may be nobody's. */
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
