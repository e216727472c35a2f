import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'
import type { SentEventType } from './event-types.js'

/** A row of `webhook_events`: something that happened, for the webhooks that are told of it. */
@Entity('webhook_events')
export class WebhookEventEntity {
  /** UUIDv7; the `webhook-id` of its deliveries. */
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar')
  type!: SentEventType

  @Column('bigint', { transformer: instant })
  at!: Date

  /** On whom it was done; null for a test. */
  @Column('varchar', { name: 'subject_id', nullable: true })
  subjectId!: string | null

  /** Their login then. Apart from the rest, so that it can be erased with them. */
  @Column('varchar', { nullable: true })
  login!: string | null

  /** What is told of it beside the login, as JSON. */
  @Column('varchar')
  data!: string
}
