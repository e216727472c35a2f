import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** What a one-time link is good for. */
export type OneTimeLinkPurpose = 'SETUP' | 'INVITATION' | 'PASSWORD_RESET'

/** Why a link no longer works, when that is not for its age. */
export type OneTimeLinkEndReason = 'USED' | 'REVOKED'

/** A row of `one_time_links`. One that no longer works is kept for a while, to tell whoever follows it why. */
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

  /** Null while it works, and when it ended by its age. */
  @Column('varchar', { name: 'end_reason', nullable: true })
  endReason!: OneTimeLinkEndReason | null
}
