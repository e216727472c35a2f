import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm'
import { instant, optionalInstant } from '../database/columns.js'
import { type EventType, isEventType } from './event-types.js'

/** A list of types of events as one text. A type that is no longer known is left out. */
const eventList: ValueTransformer = {
  to: (value: unknown) => (Array.isArray(value) ? value.join(' ') : value),
  from: (stored: string) => stored.split(' ').filter(isEventType),
}

/** Why webhooks are disabled: by someone, since the receiver is gone, or failed for days. */
export const webhookDisabledReasons = ['BY_USER', 'GONE', 'FAILING'] as const

/** Why a webhook is disabled. */
export type WebhookDisabledReason = (typeof webhookDisabledReasons)[number]

/** A row of `webhooks`: where what happens is told. */
@Entity('webhooks')
export class WebhookEntity {
  /** UUIDv7: the list is ordered by it. */
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar')
  url!: string

  /** What it is for; may be empty. */
  @Column('varchar')
  description!: string

  /** What it is told of. */
  @Column('varchar', { transformer: eventList })
  events!: EventType[]

  /** Sealed by the `SecretBox`. */
  @Column('varchar')
  secret!: string

  /** The one before, sealed, while it is signed with as well. */
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

  /** Since when every attempt has failed; null when the last one did not. */
  @Column('bigint', { name: 'failing_since', nullable: true, transformer: optionalInstant })
  failingSince!: Date | null

  /** Who added it, and is told when it is disabled by itself. No reference: it outlives them. */
  @Column('varchar', { name: 'created_by' })
  createdBy!: string

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'updated_at', transformer: instant })
  updatedAt!: Date
}
