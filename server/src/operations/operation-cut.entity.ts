import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** The id of the only row. */
export const onlyCut = 'operations'

/**
 * The one row of `operation_cut`: where the list of operations begins, after the server deleted old
 * ones. There is no row until the first deletion. Database triggers allow no earlier number.
 */
@Entity('operation_cut')
export class OperationCutEntity {
  @PrimaryColumn('varchar')
  id!: string

  /** The number of the last deleted operation. All operations up to it are deleted. */
  @Column('integer')
  number!: number

  /** The hash of that operation. The next one contains it as the hash of the operation before. */
  @Column('varchar')
  hash!: string

  /** When the server decided to delete them. */
  @Column('bigint', { transformer: instant })
  at!: Date

  /** For how many days the server kept operations then. */
  @Column('integer', { name: 'keep_days' })
  keepDays!: number

  /** The columns above, sealed with the secrets key, so that only a server can write this row. */
  @Column('varchar')
  sealed!: string
}
