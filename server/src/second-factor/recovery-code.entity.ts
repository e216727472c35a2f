import { Column, Entity, PrimaryColumn } from 'typeorm'
import { optionalInstant } from '../database/columns.js'

/** A row of `recovery_codes`: a way in for who has lost their second factors. Works once. */
@Entity('recovery_codes')
export class RecoveryCodeEntity {
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar', { name: 'user_id' })
  userId!: string

  /** A keyed hash. Codes of earlier versions are too short for a plain one. */
  @Column('varchar', { name: 'code_hash' })
  codeHash!: string

  @Column('bigint', { name: 'used_at', nullable: true, transformer: optionalInstant })
  usedAt!: Date | null
}
