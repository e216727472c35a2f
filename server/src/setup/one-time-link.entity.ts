import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** What a one-time link is good for. */
export type OneTimeLinkPurpose = 'SETUP' | 'PASSWORD_RESET'

/** A row of `one_time_links`; it is deleted by being used. */
@Entity('one_time_links')
export class OneTimeLinkEntity {
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar')
  purpose!: OneTimeLinkPurpose

  /** SHA-256 of the token, in hex. */
  @Column('varchar', { name: 'token_hash' })
  tokenHash!: string

  /** Whose link it is; null for SETUP. */
  @Column('varchar', { name: 'user_id', nullable: true })
  userId!: string | null

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date
}
