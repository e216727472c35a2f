import { Column, Entity, PrimaryColumn } from 'typeorm'
import { optionalInstant } from '../database/columns.js'

/** A row of `recovery_codes`: a code that replaces a lost second factor. It works once. */
@Entity('recovery_codes')
export class RecoveryCodeEntity {
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar', { name: 'user_id' })
  userId!: string

  /** A keyed hash. A plain hash would not protect the short codes of earlier versions. */
  @Column('varchar', { name: 'code_hash' })
  codeHash!: string

  @Column('bigint', { name: 'used_at', nullable: true, transformer: optionalInstant })
  usedAt!: Date | null
}
