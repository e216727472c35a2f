import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'
import type { SendFailure } from './webhook-sender.js'

/** A row of `webhook_attempts`: one request that was sent for a delivery. */
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

  /** Of the answer; null when there was none. */
  @Column('integer', { nullable: true })
  status!: number | null

  /** Why there was no answer; null when there was one. */
  @Column('varchar', { nullable: true })
  failure!: SendFailure | null

  /** The beginning of the answer's body; null when there was none, or it was erased. */
  @Column('varchar', { nullable: true })
  excerpt!: string | null
}
