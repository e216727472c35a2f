import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant } from '../database/columns.js'

/** Whether a delivery is under way, came through, or was given up. */
export const webhookDeliveryStatuses = ['PENDING', 'DELIVERED', 'FAILED'] as const

/** How far a delivery is. */
export type WebhookDeliveryStatus = (typeof webhookDeliveryStatuses)[number]

/** A row of `webhook_deliveries`: an event that is, or was, to reach a webhook. */
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

  /** Attempts that failed since it was last put in the queue. */
  @Column('integer', { name: 'failed_attempts' })
  failedAttempts!: number

  /**
   * Not to be tried before, and not by another instance. Null when there is nothing left
   * to try, and while a pending one is held since its webhook is disabled.
   */
  @Column('bigint', { name: 'next_attempt_at', nullable: true, transformer: optionalInstant })
  nextAttemptAt!: Date | null

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date
}
