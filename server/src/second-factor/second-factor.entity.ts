import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant, optionalNumber } from '../database/columns.js'
import type { SecondFactorMethod } from '../settings/security-settings.js'

/** A row of `second_factors`: something a user has, which they showed to have at enrolment. */
@Entity('second_factors')
export class SecondFactorEntity {
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar', { name: 'user_id' })
  userId!: string

  @Column('varchar')
  method!: SecondFactorMethod

  /** What its owner calls it. */
  @Column('varchar')
  name!: string

  /** TOTP: the shared secret, sealed. */
  @Column('varchar', { nullable: true })
  secret!: string | null

  /** TOTP: the step of the last code that was taken. It and those before are worth nothing. */
  @Column('bigint', { name: 'last_used_step', nullable: true, transformer: optionalNumber })
  lastUsedStep!: number | null

  /**
   * SMS: the number in E.164. The one that was proved: the profile's may be changed by
   * others, and by a thief of the session.
   */
  @Column('varchar', { nullable: true })
  phone!: string | null

  /** PASSKEY: the credential's id, base64url; unique. */
  @Column('varchar', { name: 'credential_id', nullable: true })
  credentialId!: string | null

  /** PASSKEY: the public key as COSE (RFC 9052), base64url. */
  @Column('varchar', { name: 'public_key', nullable: true })
  publicKey!: string | null

  /** PASSKEY: the last signature counter; stays 0 where the authenticator keeps none. */
  @Column('bigint', { name: 'sign_count', nullable: true, transformer: optionalNumber })
  signCount!: number | null

  /** PASSKEY: how it can be reached, such as `usb nfc`. */
  @Column('varchar', { nullable: true })
  transports!: string | null

  /** PASSKEY: the model of the authenticator, as it says itself. */
  @Column('varchar', { nullable: true })
  aaguid!: string | null

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'last_used_at', nullable: true, transformer: optionalInstant })
  lastUsedAt!: Date | null
}
