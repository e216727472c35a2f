import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm'
import { instant, optionalInstant } from '../database/columns.js'
import { type EventType, isEventType } from './event-types.js'

/** Stores event types as one text, separated by spaces. Types that no longer exist are ignored. */
const eventList: ValueTransformer = {
  to: (value: unknown) => (Array.isArray(value) ? value.join(' ') : value),
  from: (stored: string) => stored.split(' ').filter(isEventType),
}

/**
 * Why webhooks are disabled: a user did it, the receiver answered 410 Gone, or it failed for
 * days.
 */
export const webhookDisabledReasons = ['BY_USER', 'GONE', 'FAILING'] as const

/** Why a webhook is disabled. */
export type WebhookDisabledReason = (typeof webhookDisabledReasons)[number]

/** A row of `webhooks`: a URL that receives events. */
@Entity('webhooks')
export class WebhookEntity {
  /** UUIDv7: the list is ordered by it. */
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar')
  url!: string

  /** What the webhook is for; may be empty. */
  @Column('varchar')
  description!: string

  /** The event types that the webhook subscribes to. */
  @Column('varchar', { transformer: eventList })
  events!: EventType[]

  /** The signing secret, sealed by the `SecretBox`. */
  @Column('varchar')
  secret!: string

  /** The previous secret, sealed. Requests are signed with it too until it expires. */
  @Column('varchar', { name: 'previous_secret', nullable: true })
  previousSecret!: string | null

  @Column('bigint', {
    name: 'previous_secret_expires_at',
    nullable: true,
    transformer: optionalInstant,
  })
  previousSecretExpiresAt!: Date | null

  /** Null while it is enabled. */
  @Column('varchar', { name: 'disabled_reason', nullable: true })
  disabledReason!: WebhookDisabledReason | null

  @Column('bigint', { name: 'disabled_at', nullable: true, transformer: optionalInstant })
  disabledAt!: Date | null

  /** The time since which every attempt has failed; null if the last attempt succeeded. */
  @Column('bigint', { name: 'failing_since', nullable: true, transformer: optionalInstant })
  failingSince!: Date | null

  /**
   * The user who added the webhook, and who is notified if Rekey disables it. Not a foreign
   * key: the webhook outlives the user.
   */
  @Column('varchar', { name: 'created_by' })
  createdBy!: string

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'updated_at', transformer: instant })
  updatedAt!: Date
}
