import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** Why a session was ended from elsewhere, or can't be used from where one is: that is never stored. */
export type SessionEndReason =
  | 'PASSWORD_CHANGED'
  | 'PASSWORD_RESET'
  | 'BLOCKED'
  | 'ENDED_ELSEWHERE'
  | 'ADDRESS_NOT_ALLOWED'

/** A row of `sessions`: one signed-in browser, or one that is still to be told that it is no longer. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('varchar')
  id!: string

  /** SHA-256 of the token, in hex. The token itself is nowhere but in the cookie. */
  @Column('varchar', { name: 'token_hash' })
  tokenHash!: string

  @Column('varchar', { name: 'user_id' })
  userId!: string

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  /** Moves on at most once a minute. */
  @Column('bigint', { name: 'last_seen_at', transformer: instant })
  lastSeenAt!: Date

  /** When its holder last proved who they are: at sign-in, or since. */
  @Column('bigint', { name: 'proved_at', transformer: instant })
  provedAt!: Date

  /** The absolute end, however much it is used. */
  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date

  @Column('varchar')
  ip!: string

  @Column('varchar', { name: 'user_agent' })
  userAgent!: string

  /** Null while it lasts. An ended one is kept until it would have ended by itself. */
  @Column('varchar', { name: 'end_reason', nullable: true })
  endReason!: SessionEndReason | null
}
