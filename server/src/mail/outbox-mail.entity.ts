import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant } from '../database/columns.js'

/**
 * WAITING until it is delivered. FAILED if it was refused for good or grew too old; DROPPED if an
 * administrator gave it up. A delivered mail has no row.
 */
export const outboxMailStates = ['WAITING', 'FAILED', 'DROPPED'] as const

/** How far a mail is that was not delivered. */
export type OutboxMailState = (typeof outboxMailStates)[number]

/** A row of `outbox_mails`: a mail that is not delivered. Delivery deletes it. */
@Entity('outbox_mails')
export class OutboxMailEntity {
  /** UUIDv7; the Message-ID of the mail is made of it. */
  @PrimaryColumn('varchar')
  id!: string

  /** E-mail address. */
  @Column('varchar')
  recipient!: string

  /** The part of the address after the @, in lower case. */
  @Column('varchar', { name: 'recipient_host' })
  recipientHost!: string

  @Column('varchar')
  subject!: string

  /** What the mail is about, by which its sender finds it, such as `invitation:<user id>`. */
  @Column('varchar', { nullable: true })
  reference!: string | null

  /**
   * Text and HTML in JSON, sealed by the `SecretBox`. Null if the body was erased, and if an earlier
   * version queued the mail.
   */
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

  @Column('varchar')
  state!: OutboxMailState

  /** Attempts that failed because of this mail, not because of the mail server. */
  @Column('integer')
  attempts!: number

  /** The earliest time of the next attempt, while it waits. */
  @Column('bigint', { name: 'next_attempt_at', transformer: instant })
  nextAttemptAt!: Date

  /** Until when one instance has it to itself; null while nobody delivers it. */
  @Column('bigint', { name: 'claimed_until', nullable: true, transformer: optionalInstant })
  claimedUntil!: Date | null

  /** After this time a failed attempt is the last one. */
  @Column('bigint', { name: 'give_up_at', transformer: instant })
  giveUpAt!: Date

  /** When the link in the mail stops working; null without such a link. */
  @Column('bigint', { name: 'link_expires_at', nullable: true, transformer: optionalInstant })
  linkExpiresAt!: Date | null

  /** Why the last attempt failed, cleaned and at most 300 characters; null before the first failure. */
  @Column('varchar', { nullable: true })
  failure!: string | null

  /** The reply code of SMTP (RFC 5321, 4.2) in that failure; null if the server sent none. */
  @Column('integer', { name: 'smtp_code', nullable: true })
  smtpCode!: number | null

  /** When it failed for good or was dropped; null while it waits. */
  @Column('bigint', { name: 'ended_at', nullable: true, transformer: optionalInstant })
  endedAt!: Date | null
}
