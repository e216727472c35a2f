import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { networkOf } from '../http/ip-address.js'
import type { SignInNetworkEntity } from './sign-in-network.entity.js'
import * as store from './sign-in-network.store.js'

const maxNetworks = 50
const touchEveryMs = 24 * 60 * 60 * 1000

/** Whether someone has signed in from a network before; `FIRST` if they never signed in at all. */
export type Familiarity = 'FIRST' | 'NEW' | 'KNOWN'

/** Knows the networks that each user has signed in from, 50 at most. */
export class SignInNetworkService {
  constructor(private readonly database: Database) {}

  /** The network of an address if this user has signed in from it, else null. */
  async find(userId: string, ip: string): Promise<string | null> {
    const network = networkOf(ip)
    const known = await this.database.read(unit => store.hasNetwork(unit, userId, network))
    return known ? network : null
  }

  /**
   * Records the network of a sign-in, in its transaction. If the user has more than 50, forgets the
   * oldest ones.
   */
  async note(unit: WritingUnitOfWork, userId: string, ip: string): Promise<Familiarity> {
    const now = new Date()
    const network = networkOf(ip)
    const known = await store.listNetworks(unit, userId)
    const seen = known.find(row => row.network === network)
    if (seen === undefined || now.getTime() - seen.lastSeenAt.getTime() >= touchEveryMs) {
      await store.saveNetwork(unit, { userId, network, lastSeenAt: now })
    }
    if (seen === undefined && known.length >= maxNetworks) {
      const surplus = known.slice(maxNetworks - 1).map(row => row.network)
      await store.deleteNetworks(unit, userId, surplus)
    }
    if (known.length === 0) return 'FIRST'
    return seen === undefined ? 'NEW' : 'KNOWN'
  }

  /** The networks of a user, the latest first. */
  listOf(userId: string): Promise<SignInNetworkEntity[]> {
    return this.database.read(unit => store.listNetworks(unit, userId))
  }
}
