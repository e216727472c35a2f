import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'
import type { SendFailure } from './webhook-sender.js'

/** A row of `webhook_attempts`: one request that was sent, or was to be sent, for a delivery. */
@Entity('webhook_attempts')
export class WebhookAttemptEntity {
  /** UUIDv7: attempts are ordered by it. */
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar', { name: 'delivery_id' })
  deliveryId!: string

  @Column('bigint', { transformer: instant })
  at!: Date

  @Column('integer', { name: 'duration_ms' })
  durationMs!: number

  /** HTTP status of the response; null if there was none. */
  @Column('integer', { nullable: true })
  status!: number | null

  /** Why there was no response; null if there was one. */
  @Column('varchar', { nullable: true })
  failure!: SendFailure | null

  /**
   * The beginning of the response body; null if there was no response, or the excerpt was
   * erased.
   */
  @Column('varchar', { nullable: true })
  excerpt!: string | null
}
