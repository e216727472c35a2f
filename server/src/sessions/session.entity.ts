import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/**
 * Why a session was ended from elsewhere. `ADDRESS_NOT_ALLOWED` is never stored: the session cannot
 * be used from this address, but has not ended.
 */
export type SessionEndReason =
  | 'PASSWORD_CHANGED'
  | 'PASSWORD_RESET'
  | 'BLOCKED'
  | 'ENDED_ELSEWHERE'
  | 'ENDED_BY_ADMINISTRATOR'
  | 'ADDRESS_NOT_ALLOWED'

/**
 * A row of `sessions`: one signed-in browser, or an ended session whose browser has not learned of
 * it yet.
 */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('varchar')
  id!: string

  /** SHA-256 of the token, in hex. The token itself is only in the cookie. */
  @Column('varchar', { name: 'token_hash' })
  tokenHash!: string

  @Column('varchar', { name: 'user_id' })
  userId!: string

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  /** Updated at most once a minute. */
  @Column('bigint', { name: 'last_seen_at', transformer: instant })
  lastSeenAt!: Date

  /**
   * When the user last proved their identity, at sign-in or later: with the second factor, if they have
   * one. The beginning of 1970 if they have not yet.
   */
  @Column('bigint', { name: 'proved_at', transformer: instant })
  provedAt!: Date

  /** When the session expires, even if it is used. */
  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date

  @Column('varchar')
  ip!: string

  @Column('varchar', { name: 'user_agent' })
  userAgent!: string

  /** Null while the session is valid. An ended session is kept until it would have expired. */
  @Column('varchar', { name: 'end_reason', nullable: true })
  endReason!: SessionEndReason | null
}
