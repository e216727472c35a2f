import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant, optionalNumber } from '../database/columns.js'
import type { SecondFactorMethod } from '../settings/security-settings.js'

/** A row of `second_factors`: a second factor that its user has confirmed. */
@Entity('second_factors')
export class SecondFactorEntity {
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar', { name: 'user_id' })
  userId!: string

  @Column('varchar')
  method!: SecondFactorMethod

  /** The name that its owner chose. */
  @Column('varchar')
  name!: string

  /** TOTP: the shared secret, sealed. */
  @Column('varchar', { nullable: true })
  secret!: string | null

  /** TOTP: the step of the last accepted code. Codes of this step and earlier ones are rejected. */
  @Column('bigint', { name: 'last_used_step', nullable: true, transformer: optionalNumber })
  lastUsedStep!: number | null

  /**
   * SMS: the confirmed number in E.164. It is not the profile's number, because others can
   * change that, for example an attacker with a stolen session.
   */
  @Column('varchar', { nullable: true })
  phone!: string | null

  /** PASSKEY: the credential's id, base64url; unique. */
  @Column('varchar', { name: 'credential_id', nullable: true })
  credentialId!: string | null

  /** PASSKEY: the public key as COSE (RFC 9052), base64url. */
  @Column('varchar', { name: 'public_key', nullable: true })
  publicKey!: string | null

  /** PASSKEY: the last signature counter; always 0 if the authenticator has none. */
  @Column('bigint', { name: 'sign_count', nullable: true, transformer: optionalNumber })
  signCount!: number | null

  /** PASSKEY: the transports, such as `usb nfc`. */
  @Column('varchar', { nullable: true })
  transports!: string | null

  /** PASSKEY: the model of the authenticator, as it reports itself. Not verified. */
  @Column('varchar', { nullable: true })
  aaguid!: string | null

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'last_used_at', nullable: true, transformer: optionalInstant })
  lastUsedAt!: Date | null
}
