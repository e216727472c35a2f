import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** The id of the only row. */
export const onlySum = 'account'

/** The one row of `refused_sign_in_sum`: up to which operation refused sign-ins are summed up. */
@Entity('refused_sign_in_sum')
export class RefusedSignInSumEntity {
  @PrimaryColumn('varchar')
  id!: string

  /** The number of the last operation that was read. */
  @Column('integer', { name: 'summed_to' })
  summedTo!: number

  @Column('bigint', { name: 'summed_at', transformer: instant })
  summedAt!: Date
}
