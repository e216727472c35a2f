import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant } from '../database/columns.js'

/** The possible states of a delivery: not yet delivered, delivered, or given up. */
export const webhookDeliveryStatuses = ['PENDING', 'DELIVERED', 'FAILED'] as const

/** The state of a delivery. */
export type WebhookDeliveryStatus = (typeof webhookDeliveryStatuses)[number]

/** A row of `webhook_deliveries`: an event to be delivered to a webhook. */
@Entity('webhook_deliveries')
export class WebhookDeliveryEntity {
  /** UUIDv7: the list is ordered by it. */
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar', { name: 'webhook_id' })
  webhookId!: string

  @Column('varchar', { name: 'event_id' })
  eventId!: string

  @Column('varchar')
  status!: WebhookDeliveryStatus

  /** How many attempts failed since the delivery was last queued by an event or a replay. */
  @Column('integer', { name: 'failed_attempts' })
  failedAttempts!: number

  /**
   * The earliest time of the next attempt. An instance that sends the delivery moves this time
   * ahead, so that no other instance sends it too. Null if there is nothing left to send, or
   * while the webhook is disabled and the pending delivery is held.
   */
  @Column('bigint', { name: 'next_attempt_at', nullable: true, transformer: optionalInstant })
  nextAttemptAt!: Date | null

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date
}
