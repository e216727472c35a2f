import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** A row of `own_deletions`: the request of a user to delete their own account. */
@Entity('own_deletions')
export class OwnDeletionEntity {
  @PrimaryColumn('varchar', { name: 'user_id' })
  userId!: string

  @Column('bigint', { name: 'requested_at', transformer: instant })
  requestedAt!: Date

  /** When the account is deleted. Until then, the user can keep it. */
  @Column('bigint', { name: 'due_at', transformer: instant })
  dueAt!: Date
}
