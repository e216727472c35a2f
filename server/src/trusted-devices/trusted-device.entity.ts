import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant } from '../database/columns.js'

/** A row of `trusted_devices`: a browser that needs no second step at sign-in for a while. */
@Entity('trusted_devices')
export class TrustedDeviceEntity {
  /** UUIDv7: the list is ordered by it. */
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar', { name: 'user_id' })
  userId!: string

  /** SHA-256 of the token, in hex. */
  @Column('varchar', { name: 'token_hash' })
  tokenHash!: string

  /** When the user's password was set. A newer password ends the trust. */
  @Column('bigint', { name: 'password_changed_at', nullable: true, transformer: optionalInstant })
  passwordChangedAt!: Date | null

  @Column('varchar', { name: 'user_agent' })
  userAgent!: string

  @Column('varchar')
  ip!: string

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'last_used_at', transformer: instant })
  lastUsedAt!: Date

  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date
}
