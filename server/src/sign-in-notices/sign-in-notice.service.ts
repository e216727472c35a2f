import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { SignInNetworkService } from '../sign-in-networks/sign-in-network.service.js'
import type { UserEntity } from '../users/user.entity.js'
import { challengeMail } from './challenge.mail.js'
import { newSignInMail } from './new-sign-in.mail.js'

/** What was new about the place of a sign-in. */
export type NewPlace = 'BROWSER' | 'NETWORK'

/** Notifies users by mail of sign-ins from new places (OWASP ASVS 5.0, 6.3.5). */
export class SignInNoticeService {
  constructor(
    private readonly networks: SignInNetworkService,
    private readonly mail: MailService,
    private readonly publicUrl: URL,
  ) {}

  /**
   * Records a sign-in, in its transaction, and notifies the user if the browser or the network
   * is new. Sends no notice for the first sign-in, because everything is new then.
   *
   * @returns what was new; empty if nothing was, and for the first sign-in.
   */
  async note(
    unit: WritingUnitOfWork,
    user: UserEntity,
    deviceKnown: boolean,
    origin: RequestOrigin,
  ): Promise<NewPlace[]> {
    const familiarity = await this.networks.note(unit, user.id, origin.ip)
    const networkKnown = familiarity === 'KNOWN'
    if (familiarity === 'FIRST' || (deviceKnown && networkKnown)) return []
    const notice = newSignInMail({
      firstName: user.firstName,
      at: new Date(),
      ip: origin.ip,
      userAgent: origin.userAgent,
      deviceKnown,
      networkKnown,
      url: this.publicUrl.origin,
    })
    await this.mail.send(unit, user, notice)
    return [
      ...(deviceKnown ? [] : ['BROWSER' as const]),
      ...(networkKnown ? [] : ['NETWORK' as const]),
    ]
  }

  /**
   * Notifies a user that someone entered their password at a new place, and was asked for a
   * second step.
   */
  async notifyOfChallenge(
    unit: WritingUnitOfWork,
    user: UserEntity,
    origin: RequestOrigin,
  ): Promise<void> {
    const { firstName } = user
    const { ip, userAgent } = origin
    const notice = { firstName, at: new Date(), ip, userAgent, url: this.publicUrl.origin }
    await this.mail.send(unit, user, challengeMail(notice))
  }
}
