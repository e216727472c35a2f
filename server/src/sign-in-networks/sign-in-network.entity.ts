import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant } from '../database/columns.js'

/** A row of `sign_in_networks`: a network from which someone has signed in before. */
@Entity('sign_in_networks')
export class SignInNetworkEntity {
  @PrimaryColumn('varchar', { name: 'user_id' })
  userId!: string

  /** CIDR: the /24 of an IPv4 address, the /48 of an IPv6 one. */
  @PrimaryColumn('varchar')
  network!: string

  /** Moves on at most once a day. */
  @Column('bigint', { name: 'last_seen_at', transformer: instant })
  lastSeenAt!: Date
}
