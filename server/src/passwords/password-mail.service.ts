import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import { invitationReference } from '../one-time-links/invitation-reference.js'
import type { IssuedLink } from '../one-time-links/one-time-link.service.js'
import {
  passwordResetSeconds,
  sentResetLinkSeconds,
} from '../one-time-links/one-time-link.service.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { UserEntity } from '../users/user.entity.js'
import { accountActivatedMail } from './account-activated.mail.js'
import { type PasswordChangedNotice, passwordChangedMail } from './password-changed.mail.js'
import { resetPasswordMail, sentResetLinkMail } from './reset-password.mail.js'

const dayMs = 24 * 60 * 60 * 1000

/** How a password was changed; a field that is left out does not apply. */
export type PasswordChangeWay = Partial<
  Pick<PasswordChangedNotice, 'changedBy' | 'viaResetLink' | 'viaApiToken'>
>

/** Sends the mails about passwords, in the transaction of the event that they report. */
export class PasswordMailService {
  constructor(
    private readonly mail: MailService,
    private readonly apiTokens: ApiTokenService,
    private readonly secondFactors: SecondFactorService,
    private readonly publicUrl: URL,
  ) {}

  /** Notifies a user that their password was changed. */
  async sendChangeNotice(
    unit: WritingUnitOfWork,
    user: UserEntity,
    { ip, userAgent }: RequestOrigin,
    { changedBy = null, viaResetLink = null, viaApiToken = null }: PasswordChangeWay,
  ): Promise<void> {
    const at = new Date()
    const factors = await this.secondFactors.listIn(unit, user.id)
    const passkeys = factors.filter(({ method }) => method === 'PASSKEY')
    const recent = passkeys.filter(({ createdAt }) => at.getTime() - createdAt.getTime() < dayMs)
    const notice = passwordChangedMail({
      firstName: user.firstName,
      at,
      ip,
      userAgent,
      changedBy,
      viaResetLink,
      viaApiToken,
      mustChangePassword: user.mustChangePassword,
      passwordExpiresAt: user.passwordExpiresAt,
      apiTokens: await this.apiTokens.countValid(unit, user.id),
      passkeys: passkeys.length,
      newPasskeys: recent.map(({ name }) => name),
      url: this.publicUrl.origin,
    })
    await this.mail.send(unit, user, notice)
  }

  /**
   * Notifies an invited user that their account is active, with a password that someone else set.
   *
   * @param activatedBy the full name of the user who set the password.
   */
  async sendActivationNotice(
    unit: WritingUnitOfWork,
    user: UserEntity,
    { ip, userAgent }: RequestOrigin,
    activatedBy: string,
  ): Promise<void> {
    const notice = accountActivatedMail({
      firstName: user.firstName,
      login: user.login,
      activatedBy,
      mustChangePassword: user.mustChangePassword,
      passwordExpiresAt: user.passwordExpiresAt,
      at: new Date(),
      ip,
      userAgent,
      url: this.publicUrl.origin,
    })
    await this.mail.send(unit, user, notice)
  }

  /** Removes the undelivered mails with an invitation of this user, because it has ended. */
  discardInvitation(unit: WritingUnitOfWork, userId: string): Promise<void> {
    return this.mail.discardAbout(unit, [invitationReference(userId)])
  }

  /** Sends a user the link that resets their password. */
  async sendResetLink(
    unit: WritingUnitOfWork,
    user: UserEntity,
    { token, expiresAt }: IssuedLink,
    { ip, userAgent, requestedAt }: RequestOrigin & { readonly requestedAt: Date },
  ): Promise<void> {
    const content = resetPasswordMail({
      firstName: user.firstName,
      requestedAt,
      ip,
      userAgent,
      url: this.resetLinkOf(token),
      minutes: passwordResetSeconds / 60,
      expiresAt,
    })
    await this.mail.send(unit, user, content)
  }

  /**
   * Sends users the links that reset their passwords, because an administrator wants them to.
   *
   * @param tokens the token of each user, by user id.
   * @param sentBy the full name of the administrator.
   */
  async sendResetLinks(
    unit: WritingUnitOfWork,
    users: readonly UserEntity[],
    tokens: ReadonlyMap<string, string>,
    { ip, userAgent }: RequestOrigin,
    sentBy: string,
  ): Promise<void> {
    const at = new Date()
    const expiresAt = new Date(at.getTime() + sentResetLinkSeconds * 1000)
    const mails = users.flatMap(user => {
      const token = tokens.get(user.id)
      if (token === undefined) return []
      const content = sentResetLinkMail({
        firstName: user.firstName,
        sentBy,
        at,
        ip,
        userAgent,
        url: this.resetLinkOf(token),
        hours: sentResetLinkSeconds / 3600,
        expiresAt,
      })
      return [[user, content] as const]
    })
    await this.mail.sendAll(unit, mails)
  }

  /** The link that resets a password. */
  resetLinkOf(token: string): string {
    // The configured address: a forged Host header must not decide where the link leads.
    // The token is in the fragment: browsers do not send it, so no log contains it.
    return `${this.publicUrl.origin}/reset-password#token=${token}`
  }
}
