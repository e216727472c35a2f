import { Column, Entity, PrimaryColumn } from 'typeorm'
import { optionalInstant } from '../database/columns.js'

/** The id of the only row. */
export const onlyState = 'outbox'

/** The one row of `mail_delivery_state`: what the instances know of the mail server. */
@Entity('mail_delivery_state')
export class MailDeliveryStateEntity {
  @PrimaryColumn('varchar')
  id!: string

  /** When a mail was delivered last, to within ten seconds; null if none was. */
  @Column('bigint', { name: 'last_delivered_at', nullable: true, transformer: optionalInstant })
  lastDeliveredAt!: Date | null

  /** Since when the mail server takes no mail at all; null while it does. */
  @Column('bigint', { name: 'fault_since', nullable: true, transformer: optionalInstant })
  faultSince!: Date | null

  /** Why it takes none, cleaned and at most 300 characters. */
  @Column('varchar', { name: 'fault_reason', nullable: true })
  faultReason!: string | null

  /** When the server is tried again. */
  @Column('bigint', { name: 'fault_retry_at', nullable: true, transformer: optionalInstant })
  faultRetryAt!: Date | null
}
