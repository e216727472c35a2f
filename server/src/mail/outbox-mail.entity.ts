import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant } from '../database/columns.js'

/**
 * A mail is WAITING until it is delivered, FAILED if it was rejected permanently or became too old,
 * and DROPPED if an administrator dropped it. A delivered mail has no row.
 */
export const outboxMailStates = ['WAITING', 'FAILED', 'DROPPED'] as const

/** The state of an undelivered mail. */
export type OutboxMailState = (typeof outboxMailStates)[number]

/** A row of `outbox_mails`: an undelivered mail. Its delivery deletes the row. */
@Entity('outbox_mails')
export class OutboxMailEntity {
  /** UUIDv7; the Message-ID of the mail contains it. */
  @PrimaryColumn('varchar')
  id!: string

  /** The e-mail address of the recipient. */
  @Column('varchar')
  recipient!: string

  /** The part of the address after the @, in lower case. */
  @Column('varchar', { name: 'recipient_host' })
  recipientHost!: string

  @Column('varchar')
  subject!: string

  /** What the mail is about; its sender finds it by this value, such as `invitation:<user id>`. */
  @Column('varchar', { nullable: true })
  reference!: string | null

  /**
   * Text and HTML in JSON, sealed by the `SecretBox`. Null if the body was erased, or if an earlier
   * version queued the mail.
   */
  @Column('varchar', { name: 'sealed_body', nullable: true })
  sealedBody!: string | null

  /** The body in plain text, if an earlier version queued the mail; otherwise empty. */
  @Column('varchar')
  text!: string

  /** The HTML body, under the same conditions as {@link text}. */
  @Column('varchar')
  html!: string

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('varchar')
  state!: OutboxMailState

  /** Attempts that failed because of this mail, not because of the mail server. */
  @Column('integer')
  attempts!: number

  /** The earliest time of the next attempt, while the mail waits. */
  @Column('bigint', { name: 'next_attempt_at', transformer: instant })
  nextAttemptAt!: Date

  /**
   * When the claim of the instance that delivers the mail expires; null while no instance delivers
   * it.
   */
  @Column('bigint', { name: 'claimed_until', nullable: true, transformer: optionalInstant })
  claimedUntil!: Date | null

  /** A failed attempt after this time is the last one. */
  @Column('bigint', { name: 'give_up_at', transformer: instant })
  giveUpAt!: Date

  /** When the link in the mail expires; null if no link expires. */
  @Column('bigint', { name: 'link_expires_at', nullable: true, transformer: optionalInstant })
  linkExpiresAt!: Date | null

  /**
   * Why the last attempt failed, cleaned and up to 300 characters; null before the first failure.
   */
  @Column('varchar', { nullable: true })
  failure!: string | null

  /** The SMTP reply code (RFC 5321, 4.2) of that failure; null if the server sent none. */
  @Column('integer', { name: 'smtp_code', nullable: true })
  smtpCode!: number | null

  /** When the mail failed or was dropped; null while it waits. */
  @Column('bigint', { name: 'ended_at', nullable: true, transformer: optionalInstant })
  endedAt!: Date | null
}
