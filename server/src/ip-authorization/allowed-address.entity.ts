import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** A row of `allowed_addresses`: a range from which Rekey may be used while the list is on. */
@Entity('allowed_addresses')
export class AllowedAddressEntity {
  /** UUIDv7: the list is ordered by it. */
  @PrimaryColumn('varchar')
  id!: string

  /** CIDR in its usual spelling; unique. */
  @Column('varchar')
  range!: string

  /** What it is, in the words of whoever added it; may be empty. */
  @Column('varchar')
  label!: string

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  /** Who added it; null when they are no more. */
  @Column('varchar', { name: 'created_by', nullable: true })
  createdBy!: string | null
}
