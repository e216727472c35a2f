import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** A row of `allowed_addresses`: a range from which Rekey may be used while the list is on. */
@Entity('allowed_addresses')
export class AllowedAddressEntity {
  /** UUIDv7: the list is ordered by it. */
  @PrimaryColumn('varchar')
  id!: string

  /** The range in normalized CIDR notation; unique. */
  @Column('varchar')
  range!: string

  /** A description written by the administrator who added the range; may be empty. */
  @Column('varchar')
  label!: string

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  /** The user who added the range; null if they were deleted. */
  @Column('varchar', { name: 'created_by', nullable: true })
  createdBy!: string | null
}
