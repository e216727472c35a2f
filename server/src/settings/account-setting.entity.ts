import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** A row of `account_settings`: settings of the whole account that belong together. */
@Entity('account_settings')
export class AccountSettingEntity {
  /** Which settings, such as `security`. */
  @PrimaryColumn('varchar')
  name!: string

  /** JSON. What is left out is as it is by default. */
  @Column('varchar')
  value!: string

  @Column('bigint', { name: 'updated_at', transformer: instant })
  updatedAt!: Date
}
