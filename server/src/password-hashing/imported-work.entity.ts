import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { WorkKind } from './hash-work.js'

/**
 * A row of `imported_hash_work`: the most work of one kind that an imported password hash needs. A
 * rejected sign-in does this work, too.
 */
@Entity('imported_hash_work')
export class ImportedWorkEntity {
  @PrimaryColumn('varchar')
  kind!: WorkKind

  /** As in `HashWork`. */
  @Column('integer')
  amount!: number
}
