import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { networkOf } from '../http/ip-address.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { UserEntity } from '../users/user.entity.js'
import { newSignInMail } from './new-sign-in.mail.js'
import type { SignInNetworkEntity } from './sign-in-network.entity.js'
import * as store from './sign-in-network.store.js'

const mostNetworks = 50
const touchEveryMs = 24 * 60 * 60 * 1000

/** Tells people by mail of sign-ins from where they have never signed in (OWASP ASVS 5.0, 6.3.5). */
export class SignInNoticeService {
  constructor(
    private readonly database: Database,
    private readonly mail: MailService,
    private readonly publicUrl: URL,
  ) {}

  /**
   * Notes a sign-in, in its transaction, and tells the user when browser or network are
   * new. Not of the first: it is new by nature.
   */
  async note(
    unit: WritingUnitOfWork,
    user: UserEntity,
    deviceKnown: boolean,
    origin: RequestOrigin,
  ): Promise<void> {
    const now = new Date()
    const network = networkOf(origin.ip)
    const known = await store.listNetworks(unit, user.id)
    const seen = known.find(row => row.network === network)
    if (seen === undefined || now.getTime() - seen.lastSeenAt.getTime() >= touchEveryMs) {
      await store.saveNetwork(unit, { userId: user.id, network, lastSeenAt: now })
    }
    if (seen === undefined && known.length >= mostNetworks) {
      const longestAgo = known.slice(mostNetworks - 1).map(row => row.network)
      await store.deleteNetworks(unit, user.id, longestAgo)
    }
    if (known.length === 0 || (deviceKnown && seen !== undefined)) return
    const notice = newSignInMail({
      firstName: user.firstName,
      at: now,
      ip: origin.ip,
      userAgent: origin.userAgent,
      deviceKnown,
      networkKnown: seen !== undefined,
      url: this.publicUrl.origin,
    })
    await this.mail.send(unit, user.login, notice)
  }

  /** The networks someone has signed in from, the latest first. */
  listNetworksOf(userId: string): Promise<SignInNetworkEntity[]> {
    return this.database.read(unit => store.listNetworks(unit, userId))
  }
}
