import { Column, Entity, PrimaryColumn } from 'typeorm'
import { optionalInstant } from '../database/columns.js'

/** The id of the only row. */
export const onlyState = 'outbox'

/** The one row of `mail_delivery_state`: what the instances know about the mail server. */
@Entity('mail_delivery_state')
export class MailDeliveryStateEntity {
  @PrimaryColumn('varchar')
  id!: string

  /** The time of the last delivery, accurate to ten seconds; null if no mail was delivered yet. */
  @Column('bigint', { name: 'last_delivered_at', nullable: true, transformer: optionalInstant })
  lastDeliveredAt!: Date | null

  /** When the mail server stopped accepting mails; null while it accepts them. */
  @Column('bigint', { name: 'fault_since', nullable: true, transformer: optionalInstant })
  faultSince!: Date | null

  /** Why it accepts none, cleaned and up to 300 characters. */
  @Column('varchar', { name: 'fault_reason', nullable: true })
  faultReason!: string | null

  /** When the next attempt to reach the server is due. */
  @Column('bigint', { name: 'fault_retry_at', nullable: true, transformer: optionalInstant })
  faultRetryAt!: Date | null
}
