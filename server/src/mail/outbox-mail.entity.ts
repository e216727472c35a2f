import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** A row of `outbox_mails`: a mail still to be delivered. It is deleted by being delivered. */
@Entity('outbox_mails')
export class OutboxMailEntity {
  /** UUIDv7; the Message-ID of the mail is made of it. */
  @PrimaryColumn('varchar')
  id!: string

  /** E-mail address. */
  @Column('varchar')
  recipient!: string

  @Column('varchar')
  subject!: string

  /** Text and HTML in JSON, sealed by the `SecretBox`; null if an earlier version queued the mail. */
  @Column('varchar', { name: 'sealed_body', nullable: true })
  sealedBody!: string | null

  /** The body in clear, if an earlier version queued the mail; else empty. */
  @Column('varchar')
  text!: string

  /** As {@link text}. */
  @Column('varchar')
  html!: string

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  /** Deliveries tried in vain. */
  @Column('integer')
  attempts!: number

  /** Not to be tried before. */
  @Column('bigint', { name: 'next_attempt_at', transformer: instant })
  nextAttemptAt!: Date
}
