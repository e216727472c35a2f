import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'
import type { SentEventType } from './event-types.js'

/**
 * A row of `webhook_events`: something that happened, to be sent to the webhooks that subscribe
 * to it.
 */
@Entity('webhook_events')
export class WebhookEventEntity {
  /** UUIDv7; the `webhook-id` of its deliveries. */
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar')
  type!: SentEventType

  @Column('bigint', { transformer: instant })
  at!: Date

  /** The user it happened to; null for a test. */
  @Column('varchar', { name: 'subject_id', nullable: true })
  subjectId!: string | null

  /**
   * The user's login at that time. It has its own column, so that it can be erased when the
   * user is deleted.
   */
  @Column('varchar', { nullable: true })
  login!: string | null

  /** The rest of the event's data, without the login, as JSON. */
  @Column('varchar')
  data!: string
}
