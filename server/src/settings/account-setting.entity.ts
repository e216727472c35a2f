import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** A row of `account_settings`: settings of the whole account that belong together. */
@Entity('account_settings')
export class AccountSettingEntity {
  /** The name of the settings, such as `security`. */
  @PrimaryColumn('varchar')
  name!: string

  /** The settings as JSON. Fields that are left out have their default values. */
  @Column('varchar')
  value!: string

  @Column('bigint', { name: 'updated_at', transformer: instant })
  updatedAt!: Date
}
