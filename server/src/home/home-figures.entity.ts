import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** The id of the only row. */
export const onlyFigures = 'account'

/** The one row of `home_figures`: the figures of Home as they were last counted. */
@Entity('home_figures')
export class HomeFiguresEntity {
  @PrimaryColumn('varchar')
  id!: string

  /** The figures as JSON; see `home-figures.ts`. */
  @Column('varchar')
  figures!: string

  /** When the figures were counted; 1970 if they never were. */
  @Column('bigint', { name: 'counted_at', transformer: instant })
  countedAt!: Date

  /** No instance counts again before this time, unless it is the one that set it. */
  @Column('bigint', { name: 'claimed_until', transformer: instant })
  claimedUntil!: Date
}
