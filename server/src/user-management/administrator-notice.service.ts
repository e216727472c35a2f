import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { UserEntity } from '../users/user.entity.js'
import { fullNameOf } from '../users/user-keys.js'
import { type AdministratorAction, administratorNoticeMail } from './administrator-notice.mail.js'

/** Notifies users by mail of what an administrator did to how they sign in. */
export class AdministratorNoticeService {
  constructor(
    private readonly mail: MailService,
    private readonly publicUrl: URL,
  ) {}

  /**
   * Sends each of these users a notice, in the transaction of the action.
   *
   * @param by the administrator.
   * @param actionOn the action on a user.
   */
  async notifyAll(
    unit: WritingUnitOfWork,
    users: readonly UserEntity[],
    by: UserEntity,
    { ip, userAgent }: RequestOrigin,
    actionOn: (user: UserEntity) => AdministratorAction,
  ): Promise<void> {
    const at = new Date()
    const mails = users.map(user => {
      const notice = administratorNoticeMail({
        firstName: user.firstName,
        action: actionOn(user),
        by: fullNameOf(by),
        at,
        ip,
        userAgent,
        url: this.publicUrl.origin,
      })
      return [user, notice] as const
    })
    await this.mail.sendAll(unit, mails)
  }
}
