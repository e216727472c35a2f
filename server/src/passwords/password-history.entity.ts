import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** A row of `password_history`: the hash of an earlier password of a user. */
@Entity('password_history')
export class PasswordHistoryEntity {
  /** A UUIDv7, so that ids sort by when the password was replaced. */
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar', { name: 'user_id' })
  userId!: string

  @Column('varchar', { name: 'password_hash' })
  passwordHash!: string

  @Column('bigint', { name: 'replaced_at', transformer: instant })
  replacedAt!: Date
}
