import type { Permission } from '@rekey/shared/access'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant, permissionList } from '../database/columns.js'

/** A row of `api_tokens`: a credential that lets a program call the API as its owner. */
@Entity('api_tokens')
export class ApiTokenEntity {
  /** UUIDv7: the list is ordered by it. */
  @PrimaryColumn('varchar')
  id!: string

  /** The owner. */
  @Column('varchar', { name: 'user_id' })
  userId!: string

  /** SHA-256 of the token, in hex. Only the owner has the token itself. */
  @Column('varchar', { name: 'token_hash' })
  tokenHash!: string

  /** The first characters of the token, so that its owner can recognize it. */
  @Column('varchar')
  prefix!: string

  @Column('varchar')
  name!: string

  /** The permissions given to the token. It can use only those that its owner holds too. */
  @Column('varchar', { transformer: permissionList })
  permissions!: Permission[]

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date

  /** Updated at most once a minute; null if never used. */
  @Column('bigint', { name: 'last_used_at', nullable: true, transformer: optionalInstant })
  lastUsedAt!: Date | null

  /** The address it was last used from. */
  @Column('varchar', { name: 'last_used_ip', nullable: true })
  lastUsedIp!: string | null

  /**
   * When it was suspended, because its owner was blocked; null if it is not. A suspended token is
   * invalid until an administrator restores it.
   */
  @Column('bigint', { name: 'suspended_at', nullable: true, transformer: optionalInstant })
  suspendedAt!: Date | null
}
