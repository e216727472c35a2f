import { type AccessRefusal, refusalToManageSignIn } from '@rekey/shared/access'
import type { AccessGuard, GuardedCall } from '../access/access-guard.service.js'
import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { UnfinishedBulkJobsService } from '../bulk-jobs/unfinished-bulk-jobs.service.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import {
  type OneTimeLinkService,
  sentResetLinkSeconds,
} from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf, type OperationChange } from '../operations/operation-change.js'
import type { OwnDeletionService } from '../own-deletion/own-deletion.service.js'
import type { PasswordService } from '../passwords/password.service.js'
import type { PasswordMailService } from '../passwords/password-mail.service.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { TrustedDeviceService } from '../trusted-devices/trusted-device.service.js'
import type { Caller } from '../users/caller.js'
import { loginChangedReference } from '../users/login-changed.mail.js'
import { type LoginDoubt, loginDoubtOf, recentFormerLoginOf } from '../users/login-doubt.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { fullNameOf } from '../users/user-keys.js'
import { accountSecuredMail, type SecuredAccount } from './account-secured.mail.js'
import type { AdministratorAction } from './administrator-notice.mail.js'
import type { AdministratorNoticeService } from './administrator-notice.service.js'
import { readReason } from './reason.js'
import type { UserRefusal, UserSelectionService } from './user-selection.service.js'

/** How to secure an account. */
export interface Securing {
  readonly userId: string
  /** Whether to block the user too. */
  readonly block: boolean
  /** Why; stored in the operation, permanently. Null if there is no reason. */
  readonly reason: string | null
}

/** Why an account is secured without a link for a new password. */
export type ResetLinkRefusal =
  | 'BLOCKED'
  | 'MAIL_NOT_CONFIGURED'
  | LoginDoubt
  /** Too many links were sent to the mailbox. */
  | 'TOO_MANY_ATTEMPTS'

/** The result of securing an account. */
export type SecuringResult =
  | {
      readonly kind: 'secured'
      /** The user afterwards. */
      readonly user: UserEntity
      /** Why no mail with a reset link is on its way; null if one is. */
      readonly resetLinkRefusal: ResetLinkRefusal | null
    }
  | { readonly kind: 'refused'; readonly refusal: UserRefusal }

/** The result of ending something that a user has. */
export type EndResult<Ended> =
  | { readonly kind: 'ended'; readonly ended: Ended }
  /** The user does not have it. */
  | { readonly kind: 'notFound' }
  | { readonly kind: 'userNotFound' }
  | { readonly kind: 'accessDenied'; readonly reason: AccessRefusal }

/** What was ended, and what the operation and the notice say about it. */
interface Ending<Ended> {
  readonly ended: Ended
  readonly changes?: readonly OperationChange[]
  readonly notice: AdministratorAction
}

/**
 * Ends what lets other users sign in, one thing at a time or all of it. Nobody acts on themselves, or
 * on a user who outranks them.
 */
export class UserSecurityService {
  constructor(
    private readonly guard: AccessGuard,
    private readonly selection: UserSelectionService,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly sessions: SessionService,
    private readonly apiTokens: ApiTokenService,
    private readonly trustedDevices: TrustedDeviceService,
    private readonly secondFactors: SecondFactorService,
    private readonly links: OneTimeLinkService,
    private readonly passwords: PasswordService,
    private readonly passwordMails: PasswordMailService,
    private readonly throttle: ThrottleService,
    private readonly jobs: UnfinishedBulkJobsService,
    private readonly notices: AdministratorNoticeService,
    private readonly mail: MailService,
    private readonly ownDeletions: OwnDeletionService,
    private readonly place: { readonly publicUrl: URL; readonly mailConfigured: boolean },
  ) {}

  /**
   * Secures an account that someone else may use: ends its sessions, links, bulk jobs, unfinished
   * sign-ins and trusted devices, and the links that it was given to hand over; revokes its API tokens
   * and removes its password. Sends the user a reset link, unless the login may be an attacker's. A
   * blocked user gets none, because it would not work. A login before a recent change gets the mail
   * too, without the link. Second factors stay.
   *
   * @throws as {@link AccessGuard.write}.
   */
  async secure(
    actor: Caller,
    { userId, block, reason }: Securing,
    origin: RequestOrigin,
  ): Promise<SecuringResult> {
    const given = readReason(reason ?? '')
    const reasonChanges = given === null ? [] : [changeOf('reason', null, given)]
    const action = 'SECURE_USER'
    const call = { permission: 'users.manage', action, actor, subjectId: userId, origin } as const
    let resetLinkRefusal: ResetLinkRefusal | null = null
    let revoked: string[] = []
    const [outcome] = await this.selection.change(call, [userId], {
      refusalTo: refusalToManageSignIn,
      removesOwners: block,
      stateRefusal: ({ status }) => (status === 'INVITED' ? 'invited' : null),
      isDone: () => false,
      apply: async (unit, users) => {
        const secured: UserEntity[] = []
        for (const user of users) {
          await this.sessions.endAllOf(
            unit,
            [user.id],
            block ? 'BLOCKED' : 'ENDED_BY_ADMINISTRATOR',
          )
          await this.secondFactors.endPending(unit, [user.id])
          await this.links.endAll(unit, [user.id])
          await this.links.endHandedOverBy(unit, [user.id])
          const by = { actorId: actor.id, origin }
          await this.jobs.stop(unit, [user.id], 'ANYTHING', 'ENDED_BY_ADMINISTRATOR', by)
          const tokens = await this.apiTokens.revokeAllOf(unit, user.id)
          revoked = tokens.map(({ prefix }) => prefix)
          let after = await this.passwords.removePassword(unit, user)
          if (block && after.status !== 'BLOCKED') {
            const [blocked] = await this.users.changeStatus(unit, [after], 'BLOCKED')
            after = blocked ?? after
            await this.operations.record(unit, origin, {
              action: 'BLOCK_USER',
              outcome: 'DONE',
              actorId: actor.id,
              subjectId: user.id,
              changes: reasonChanges,
            })
          }
          await this.ownDeletions.cancelFor(unit, after, actor, origin)
          const issued = await this.issueResetLink(unit, after)
          const resetLink = typeof issued === 'string' ? null : issued
          resetLinkRefusal = typeof issued === 'string' ? issued : null
          const facts = {
            firstName: after.firstName,
            by: fullNameOf(actor),
            apiTokens: revoked.length,
            blocked: after.status === 'BLOCKED',
            resetLink,
            at: new Date(),
            ip: origin.ip,
            userAgent: origin.userAgent,
            url: this.place.publicUrl.origin,
          }
          // Repeated calls must not fill the mailbox: the second one ends nothing and says nothing new.
          if (resetLink !== null || user.passwordHash !== null || after.status !== user.status) {
            await this.mail.send(unit, after, accountSecuredMail(facts))
            await this.notifyFormerLogin(unit, after, { ...facts, resetLink: null })
          }
          secured.push(after)
        }
        return secured
      },
      changesOf: () => [
        ...reasonChanges,
        ...(revoked.length > 0 ? [changeOf('apiTokensRevoked', revoked, null)] : []),
      ],
    })
    if (outcome?.user != null) return { kind: 'secured', user: outcome.user, resetLinkRefusal }
    if (outcome?.refusal == null) throw new Error('No user was secured, without a reason.')
    return { kind: 'refused', refusal: outcome.refusal }
  }

  /**
   * Ends a session of another user. Its browser is signed out and learns the reason.
   *
   * @throws as {@link AccessGuard.write}.
   */
  endSession(
    actor: Caller,
    userId: string,
    sessionId: string,
    origin: RequestOrigin,
  ): Promise<EndResult<string>> {
    const action = 'END_SESSION'
    const call = { permission: 'users.manage', action, actor, subjectId: userId, origin } as const
    return this.end(call, userId, async (unit, user) => {
      const reason = 'ENDED_BY_ADMINISTRATOR'
      const isEnded = await this.sessions.endOne(unit, user.id, sessionId, reason)
      return isEnded ? { ended: sessionId, notice: { kind: 'sessionEnded' } } : null
    })
  }

  /**
   * Revokes an API token of another user. It stops working at once.
   *
   * @throws as {@link AccessGuard.write}.
   */
  revokeApiToken(
    actor: Caller,
    userId: string,
    apiTokenId: string,
    origin: RequestOrigin,
  ): Promise<EndResult<string>> {
    const action = 'REVOKE_API_TOKEN'
    const call = { permission: 'users.manage', action, actor, subjectId: userId, origin } as const
    return this.end(call, userId, async (unit, user) => {
      const token = await this.apiTokens.revokeOne(unit, user.id, apiTokenId)
      if (token === null) return null
      const { prefix } = token
      return {
        ended: apiTokenId,
        changes: [changeOf('apiTokenPrefix', prefix, null)],
        notice: { kind: 'apiTokenRevoked', prefix },
      }
    })
  }

  /**
   * Stops trusting all devices of another user.
   *
   * @returns how many were trusted. Nothing is recorded if there were none.
   * @throws as {@link AccessGuard.write}.
   */
  async forgetTrustedDevices(
    actor: Caller,
    userId: string,
    origin: RequestOrigin,
  ): Promise<Exclude<EndResult<number>, { kind: 'notFound' }>> {
    const action = 'REVOKE_ALL_TRUSTED_DEVICES'
    const call = { permission: 'users.manage', action, actor, subjectId: userId, origin } as const
    const result = await this.end(call, userId, async (unit, user) => {
      const count = await this.trustedDevices.countIn(unit, user)
      if (count === 0) return null
      await this.trustedDevices.forgetAll(unit, [user.id])
      return { ended: count, notice: { kind: 'devicesForgotten' } }
    })
    return result.kind === 'notFound' ? { kind: 'ended', ended: 0 } : result
  }

  /** The links that can still reset the passwords of these users, by user id. */
  resetLinksOf(userIds: readonly string[]): Promise<Map<string, OneTimeLinkEntity>> {
    return this.links.validResetLinksOf(userIds)
  }

  /** Ends something in one transaction, which also checks the rights, records it and notifies. */
  private end<Ended>(
    call: GuardedCall,
    userId: string,
    work: (unit: WritingUnitOfWork, user: UserEntity) => Promise<Ending<Ended> | null>,
  ): Promise<EndResult<Ended>> {
    const { action, origin } = call
    return this.guard.write(call, async (unit, actor): Promise<EndResult<Ended>> => {
      const user = await this.users.findIn(unit, userId)
      if (user === null) return { kind: 'userNotFound' }
      const record = { action, actorId: actor.id, subjectId: user.id }
      const reason = refusalToManageSignIn(actor, user)
      if (reason !== null) {
        await this.operations.record(unit, origin, { ...record, outcome: 'REFUSED', reason })
        return { kind: 'accessDenied', reason }
      }
      const ending = await work(unit, user)
      if (ending === null) return { kind: 'notFound' }
      const { ended, changes = [], notice } = ending
      await this.operations.record(unit, origin, { ...record, outcome: 'DONE', changes })
      await this.notices.notifyAll(unit, [user], actor, origin, () => notice)
      return { kind: 'ended', ended }
    })
  }

  /**
   * Why securing an account would send no link to this user, as far as that is known before. Null if
   * it would send one.
   */
  resetLinkRefusalOf(
    user: Pick<UserEntity, 'status' | 'loginChangedAt' | 'loginVerifiedAt'>,
  ): ResetLinkRefusal | null {
    if (user.status === 'BLOCKED') return 'BLOCKED'
    return this.place.mailConfigured ? loginDoubtOf(user) : 'MAIL_NOT_CONFIGURED'
  }

  /** Tells the login before a recent change, because an attacker may have changed it. */
  private async notifyFormerLogin(
    unit: WritingUnitOfWork,
    user: UserEntity,
    secured: SecuredAccount,
  ): Promise<void> {
    const login = recentFormerLoginOf(user)
    if (login === null) return
    // It may be the login of someone else by now.
    if ((await this.users.findByLoginIn(unit, login)) !== null) return
    const reference = loginChangedReference(user.id)
    const template = accountSecuredMail({ ...secured, reference })
    await this.mail.send(unit, { ...user, login }, template)
  }

  /** A new reset link for the mail to this user; or why there is none. */
  private async issueResetLink(
    unit: WritingUnitOfWork,
    user: UserEntity,
  ): Promise<NonNullable<SecuredAccount['resetLink']> | ResetLinkRefusal> {
    const refusal = this.resetLinkRefusalOf(user)
    if (refusal !== null) return refusal
    // Too many links to the mailbox must not prevent an administrator from securing the account.
    const wait = await this.throttle.beginSentResetLink(unit, user.loginKey)
    if (wait !== null) return 'TOO_MANY_ATTEMPTS'
    const expiresAt = new Date(Date.now() + sentResetLinkSeconds * 1000)
    const tokens = await this.links.issueAll(unit, 'PASSWORD_RESET', [user.id], expiresAt)
    const url = this.passwordMails.resetLinkOf(tokens.get(user.id) ?? '')
    return { url, hours: sentResetLinkSeconds / 3600, expiresAt }
  }
}
