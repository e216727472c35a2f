import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** A row of `password_history`: the hash of a password a profile had before. */
@Entity('password_history')
export class PasswordHistoryEntity {
  /** UUIDv7: in the order in which passwords were replaced. */
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar', { name: 'user_id' })
  userId!: string

  @Column('varchar', { name: 'password_hash' })
  passwordHash!: string

  @Column('bigint', { name: 'replaced_at', transformer: instant })
  replacedAt!: Date
}
