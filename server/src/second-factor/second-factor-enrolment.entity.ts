import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'
import type { SecondFactorMethod } from '../settings/security-settings.js'

/** A row of `second_factor_enrolments`: a second factor that its user has not confirmed yet. */
@Entity('second_factor_enrolments')
export class SecondFactorEnrolmentEntity {
  @PrimaryColumn('varchar')
  id!: string

  /** SHA-256 of the token, in hex. */
  @Column('varchar', { name: 'token_hash' })
  tokenHash!: string

  @Column('varchar', { name: 'user_id' })
  userId!: string

  @Column('varchar')
  method!: SecondFactorMethod

  /** TOTP: the secret, sealed. */
  @Column('varchar', { nullable: true })
  secret!: string | null

  /** SMS: the number in E.164. */
  @Column('varchar', { nullable: true })
  phone!: string | null

  /** SMS: a keyed hash of the code. */
  @Column('varchar', { name: 'code_hash', nullable: true })
  codeHash!: string | null

  /** PASSKEY: the challenge that the authenticator must sign. */
  @Column('varchar', { name: 'webauthn_challenge', nullable: true })
  webauthnChallenge!: string | null

  @Column('integer')
  attempts!: number

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date
}
