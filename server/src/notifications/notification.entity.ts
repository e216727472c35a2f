import { Entity, PrimaryColumn } from 'typeorm'

/**
 * A row of `notifications`: an operation that a user is notified of. It is written in the
 * transaction of the operation, so that reading the notifications of a user never searches the
 * operation list.
 */
@Entity('notifications')
export class NotificationEntity {
  @PrimaryColumn('varchar', { name: 'user_id' })
  userId!: string

  /** A UUIDv7: the list is ordered by it. Not a foreign key, because old operations are deleted. */
  @PrimaryColumn('varchar', { name: 'operation_id' })
  operationId!: string
}
