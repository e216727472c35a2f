import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** The purpose of a one-time link. */
export type OneTimeLinkPurpose = 'SETUP' | 'INVITATION' | 'PASSWORD_RESET'

/** Why a link ended before it expired. */
export type OneTimeLinkEndReason = 'USED' | 'REVOKED'

/**
 * A row of `one_time_links`. A link that has ended is kept for a while, so that its page can say
 * why.
 */
@Entity('one_time_links')
export class OneTimeLinkEntity {
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar')
  purpose!: OneTimeLinkPurpose

  /** SHA-256 of the token, in hex. */
  @Column('varchar', { name: 'token_hash' })
  tokenHash!: string

  /** The user of the link; null for SETUP. */
  @Column('varchar', { name: 'user_id', nullable: true })
  userId!: string | null

  /**
   * Whether the link was sent only to the login of its user, so that using it proves access to the
   * mailbox. False for a link that an operator got.
   */
  @Column('boolean', { name: 'sent_to_login' })
  sentToLogin!: boolean

  /**
   * The user who was given the link to hand it over. The link works only while they may act on its
   * user. Null for other links.
   */
  @Column('varchar', { name: 'created_by', nullable: true })
  createdBy!: string | null

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date

  /** Null while the link is valid, and if it has expired. */
  @Column('varchar', { name: 'end_reason', nullable: true })
  endReason!: OneTimeLinkEndReason | null
}
