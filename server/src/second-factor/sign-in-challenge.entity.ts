import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant } from '../database/columns.js'

/** What an answered challenge lets happen. One for one thing is worth nothing for another. */
export type SignInChallengePurpose = 'SIGN_IN' | 'PASSKEY_SIGN_IN' | 'REAUTHENTICATION'

/**
 * A row of `sign_in_challenges`: what is still to be shown after the password. It is no
 * session. An answered one is kept until it would have expired, so that it works once.
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

  /** Whose password was right. */
  @Column('varchar', { name: 'user_id' })
  userId!: string

  /** When that password was set: once there is another one, this is worth nothing. */
  @Column('bigint', { name: 'password_changed_at', nullable: true, transformer: optionalInstant })
  passwordChangedAt!: Date | null

  /** What a passkey has to sign. */
  @Column('varchar', { name: 'webauthn_challenge', nullable: true })
  webauthnChallenge!: string | null

  /** A keyed hash of the code that was sent; null while none was. */
  @Column('varchar', { name: 'sms_code_hash', nullable: true })
  smsCodeHash!: string | null

  /** Answers so far, the one being judged included. */
  @Column('integer')
  attempts!: number

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date

  @Column('bigint', { name: 'used_at', nullable: true, transformer: optionalInstant })
  usedAt!: Date | null
}
