import { refusalToManageSignIn } from '@rekey/shared/access'
import type { UnfinishedBulkJobsService } from '../bulk-jobs/unfinished-bulk-jobs.service.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import {
  type OneTimeLinkService,
  passwordResetSeconds,
  sentResetLinkSeconds,
} from '../one-time-links/one-time-link.service.js'
import type { PasswordMailService } from '../passwords/password-mail.service.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { TrustedDeviceService } from '../trusted-devices/trusted-device.service.js'
import type { Caller } from '../users/caller.js'
import { isPasswordTooOld } from '../users/password-age.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { fullNameOf } from '../users/user-keys.js'
import type { AdministratorNoticeService } from './administrator-notice.service.js'
import type {
  SelectionAction,
  StateRefusal,
  UserOutcome,
  UserRefusal,
  UserSelectionService,
} from './user-selection.service.js'

/** The result of creating a link. */
export type CreatedLink =
  | { readonly kind: 'created'; readonly url: string; readonly expiresAt: Date }
  | { readonly kind: 'refused'; readonly refusal: UserRefusal }

// A reset link is of use only to a user who can sign in with the new password.
const unlessActive = ({ status }: UserEntity): StateRefusal | null => {
  if (status === 'INVITED') return 'invited'
  return status === 'BLOCKED' ? 'blocked' : null
}

/**
 * What an administrator does about the sign-in of other users. Each method that accepts many users
 * applies to at most 100 at once, in one transaction, and returns a result for each.
 */
export class UserSignInService {
  constructor(
    private readonly selection: UserSelectionService,
    private readonly users: UserService,
    private readonly sessions: SessionService,
    private readonly secondFactors: SecondFactorService,
    private readonly links: OneTimeLinkService,
    private readonly passwordMails: PasswordMailService,
    private readonly notices: AdministratorNoticeService,
    private readonly throttle: ThrottleService,
    private readonly trustedDevices: TrustedDeviceService,
    private readonly jobs: UnfinishedBulkJobsService,
    private readonly settings: SettingsService,
    private readonly mailConfigured: boolean,
  ) {}

  /** Sending reset links, as a change of a selection of users. */
  readonly sendingResetLinks: SelectionAction = {
    permission: 'users.manage',
    action: 'SEND_PASSWORD_RESET_LINK',
    refusalTo: refusalToManageSignIn,
    removesOwners: false,
    stateRefusal: user => unlessActive(user) ?? (this.mailConfigured ? null : 'mailNotConfigured'),
    isDone: () => false,
    begin: (unit, user) => this.throttle.beginSentResetLink(unit, user.loginKey),
    apply: async (unit, users, { actor, origin }) => {
      const expiresAt = new Date(Date.now() + sentResetLinkSeconds * 1000)
      const ids = users.map(user => user.id)
      const tokens = await this.links.issueAll(unit, 'PASSWORD_RESET', ids, expiresAt)
      await this.passwordMails.sendResetLinks(unit, users, tokens, origin, fullNameOf(actor))
      return users
    },
  }

  /**
   * Sends each active user a link to their login that resets their password. Earlier reset links
   * stop working. Nothing else changes until the link is used.
   *
   * @throws as {@link UserSelectionService.change}.
   */
  sendPasswordResetLinks(
    actor: Caller,
    userIds: readonly string[],
    origin: RequestOrigin,
  ): Promise<UserOutcome[]> {
    return this.selection.run(this.sendingResetLinks, { actor, origin }, userIds)
  }

  /** Requiring a new password, as a change of a selection of users. */
  readonly requiringPasswordChange: SelectionAction = {
    permission: 'users.manage',
    action: 'REQUIRE_PASSWORD_CHANGE',
    refusalTo: refusalToManageSignIn,
    removesOwners: false,
    stateRefusal: ({ passwordHash }) => (passwordHash === null ? 'passwordMissing' : null),
    isDone: user => user.mustChangePassword,
    apply: async (unit, users, { actor, origin }) => {
      const changed = await this.users.requirePasswordChange(unit, users)
      await this.notices.notifyAll(unit, users, actor, origin, () => ({
        kind: 'passwordChangeRequired',
      }))
      return changed
    },
  }

  /**
   * Requires users to choose a new password before they do anything else. Their sessions continue.
   *
   * @throws as {@link UserSelectionService.change}.
   */
  requirePasswordChange(
    actor: Caller,
    userIds: readonly string[],
    origin: RequestOrigin,
  ): Promise<UserOutcome[]> {
    return this.selection.run(this.requiringPasswordChange, { actor, origin }, userIds)
  }

  /** Withdrawing the requirement of a new password, as a change of a selection of users. */
  readonly withdrawingPasswordChange: SelectionAction = {
    permission: 'users.manage',
    action: 'WITHDRAW_PASSWORD_CHANGE_REQUIREMENT',
    refusalTo: refusalToManageSignIn,
    removesOwners: false,
    stateRefusal: async (user, unit) => {
      if (user.passwordHash === null) return null
      if (user.mustChangePassword && user.passwordTemporary) return 'passwordTemporary'
      const age = await this.settings.passwordAgeIn(unit)
      return isPasswordTooOld(user, age) ? 'passwordTooOld' : null
    },
    isDone: user => !user.mustChangePassword,
    apply: async (unit, users, { actor, origin }) => {
      const changed = await this.users.withdrawPasswordChange(unit, users)
      await this.notices.notifyAll(unit, users, actor, origin, () => ({
        kind: 'passwordChangeWithdrawn',
      }))
      return changed
    },
  }

  /**
   * No longer requires users to choose a new password. Refused if someone else set the password as a
   * temporary one, or if the account requires a new one because of its age.
   *
   * @throws as {@link UserSelectionService.change}.
   */
  withdrawPasswordChange(
    actor: Caller,
    userIds: readonly string[],
    origin: RequestOrigin,
  ): Promise<UserOutcome[]> {
    return this.selection.run(this.withdrawingPasswordChange, { actor, origin }, userIds)
  }

  /** The ids of the users for whom there is nothing to end. */
  private async listSignedOut(
    unit: WritingUnitOfWork,
    users: readonly UserEntity[],
  ): Promise<Set<string>> {
    const signedOut = new Set(users.map(({ id }) => id))
    const ids = [...signedOut]
    const withSomething = [
      await this.sessions.listSignedInAmong(unit, ids),
      await this.secondFactors.listPendingAmong(unit, ids),
      await this.trustedDevices.listTrustingAmong(unit, ids),
      await this.links.listCreatorsAmong(unit, ids),
      await this.jobs.startersAmong(unit, ids, 'SESSION'),
    ]
    for (const id of withSomething.flat()) signedOut.delete(id)
    return signedOut
  }

  /** Signing users out, as a change of a selection of users. */
  readonly signingOut: SelectionAction = {
    permission: 'users.manage',
    action: 'SIGN_OUT_USER',
    refusalTo: refusalToManageSignIn,
    removesOwners: false,
    isDone: user => user.status !== 'ACTIVE',
    // Otherwise repeated calls would fill the mailboxes of users who are signed out already.
    doneAmong: (unit, users) => this.listSignedOut(unit, users),
    apply: async (unit, users, { actor, origin }) => {
      const ids = users.map(user => user.id)
      await this.sessions.endAllOf(unit, ids, 'ENDED_BY_ADMINISTRATOR')
      await this.secondFactors.endPending(unit, ids)
      await this.links.endHandedOverBy(unit, ids)
      const reason = 'ENDED_BY_ADMINISTRATOR'
      await this.jobs.stop(unit, ids, 'SESSION', reason, { actorId: actor.id, origin })
      await this.notices.notifyAll(unit, users, actor, origin, () => ({ kind: 'signedOut' }))
      return users
    },
  }

  /**
   * Ends all sessions and unfinished sign-ins of users, and the trust in their browsers. Also ends
   * what their sessions left behind: bulk jobs, and links that they were given to hand over. Their API
   * tokens and the jobs of these keep working. Does nothing for users who have none of this, and for
   * users who are not active.
   *
   * @throws as {@link UserSelectionService.change}.
   */
  signOut(
    actor: Caller,
    userIds: readonly string[],
    origin: RequestOrigin,
  ): Promise<UserOutcome[]> {
    return this.selection.run(this.signingOut, { actor, origin }, userIds)
  }

  /**
   * Creates a link that resets the password of an active user, to hand over. Earlier reset links
   * stop working. The link is not sent to the login, so its use does not verify the login. Their
   * number is limited together with those that are sent, because the user gets a mail each time.
   *
   * @throws as {@link UserSelectionService.change}.
   */
  async createPasswordResetLink(
    actor: Caller,
    userId: string,
    origin: RequestOrigin,
  ): Promise<CreatedLink> {
    const action = 'CREATE_PASSWORD_RESET_LINK'
    const call = {
      permission: 'users.manage',
      action,
      actor,
      subjectId: userId,
      origin,
    } as const
    const created: CreatedLink[] = []
    const [outcome] = await this.selection.change(call, [userId], {
      refusalTo: refusalToManageSignIn,
      removesOwners: false,
      stateRefusal: unlessActive,
      isDone: () => false,
      // Each link causes a mail, like a link that is sent.
      begin: (unit, user) => this.throttle.beginSentResetLink(unit, user.loginKey),
      apply: async (unit, users) => {
        const { token, expiresAt } = await this.links.issueToHandOver(
          unit,
          'PASSWORD_RESET',
          userId,
          passwordResetSeconds,
          actor.id,
        )
        await this.notices.notifyAll(unit, users, actor, origin, () => ({
          kind: 'resetLinkCreated',
          minutes: passwordResetSeconds / 60,
        }))
        created.push({ kind: 'created', url: this.passwordMails.resetLinkOf(token), expiresAt })
        return users
      },
    })
    const [link] = created
    if (link !== undefined) return link
    if (outcome?.refusal == null) throw new Error('No link was created, without a reason.')
    return { kind: 'refused', refusal: outcome.refusal }
  }
}
