import type { Permission } from '@rekey/shared/access'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant, permissionList } from '../database/columns.js'

/** A row of `api_tokens`: what a script or another system calls the API with, for its owner. */
@Entity('api_tokens')
export class ApiTokenEntity {
  /** UUIDv7: the list is ordered by it. */
  @PrimaryColumn('varchar')
  id!: string

  /** The owner. */
  @Column('varchar', { name: 'user_id' })
  userId!: string

  /** SHA-256 of the token, in hex. The token itself is nowhere but with its owner. */
  @Column('varchar', { name: 'token_hash' })
  tokenHash!: string

  /** What the token begins with, by which its owner recognises it. */
  @Column('varchar')
  prefix!: string

  @Column('varchar')
  name!: string

  /** What it was given. What it is worth is the part of these that its owner holds. */
  @Column('varchar', { transformer: permissionList })
  permissions!: Permission[]

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date

  /** Moves on at most once a minute; null when never used. */
  @Column('bigint', { name: 'last_used_at', nullable: true, transformer: optionalInstant })
  lastUsedAt!: Date | null

  /** The address it was last used from. */
  @Column('varchar', { name: 'last_used_ip', nullable: true })
  lastUsedIp!: string | null
}
