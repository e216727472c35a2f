import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant } from '../database/columns.js'

/** What an answered challenge allows. A challenge for one purpose is invalid for any other. */
export type SignInChallengePurpose = 'SIGN_IN' | 'PASSKEY_SIGN_IN' | 'REAUTHENTICATION'

/**
 * A row of `sign_in_challenges`: the second step that a user must answer after the password. It
 * is not a session. An answered challenge is kept until it would have expired, so that it works
 * only once.
 */
@Entity('sign_in_challenges')
export class SignInChallengeEntity {
  @PrimaryColumn('varchar')
  id!: string

  /** SHA-256 of the token, in hex. */
  @Column('varchar', { name: 'token_hash' })
  tokenHash!: string

  @Column('varchar')
  purpose!: SignInChallengePurpose

  /** The user whose password was correct. */
  @Column('varchar', { name: 'user_id' })
  userId!: string

  /** When that password was set. A newer password makes the challenge invalid. */
  @Column('bigint', { name: 'password_changed_at', nullable: true, transformer: optionalInstant })
  passwordChangedAt!: Date | null

  /** The challenge that a passkey must sign. */
  @Column('varchar', { name: 'webauthn_challenge', nullable: true })
  webauthnChallenge!: string | null

  /** A keyed hash of the code that was sent by SMS; null if none was sent. */
  @Column('varchar', { name: 'sms_code_hash', nullable: true })
  smsCodeHash!: string | null

  /** The number of answers so far, including the one being verified. */
  @Column('integer')
  attempts!: number

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date

  @Column('bigint', { name: 'used_at', nullable: true, transformer: optionalInstant })
  usedAt!: Date | null
}
