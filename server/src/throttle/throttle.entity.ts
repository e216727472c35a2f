import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** A row of `throttle_counts`: the count of one key in the current window. */
@Entity('throttle_counts')
export class ThrottleEntity {
  @PrimaryColumn('varchar')
  key!: string

  @Column('integer')
  points!: number

  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date
}
