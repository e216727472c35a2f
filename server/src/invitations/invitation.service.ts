import {
  type AccessRefusal,
  refusalToManageInvitation,
  refusalToManageSignIn,
} from '@rekey/shared/access'
import { loginKeyOf } from '@rekey/shared/login'
import { accessNames } from '../access/access-fields.js'
import type { AccessGuard, GuardedCall } from '../access/access-guard.service.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { badInput, rateLimited } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { invitationReference } from '../one-time-links/invitation-reference.js'
import type { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationRecord, OperationService } from '../operations/operation.service.js'
import { changeOf, changesBetween } from '../operations/operation-change.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { AdministratorNoticeService } from '../user-management/administrator-notice.service.js'
import {
  maxUsersAtOnce,
  type SelectionAction,
  type UserSelectionService,
} from '../user-management/user-selection.service.js'
import type { Caller } from '../users/caller.js'
import { shownAfter } from '../users/shown-profile.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import type { IntegrationFields, UserFields } from '../users/user-fields.js'
import { fullNameOf } from '../users/user-keys.js'
import { invitationMail } from './invitation.mail.js'
import { type GivenUser, judgeNewUsers, type NewUserRefusal } from './judge-new-users.js'

/** The result for one user to add. */
export interface InviteOutcome {
  /** The profile as it is stored, or would be in a dry run; null if refused. */
  readonly profile: (UserFields & Partial<IntegrationFields>) | null
  /** The added user; null if refused, and in a dry run. */
  readonly user: UserEntity | null
  readonly refusals: readonly NewUserRefusal[]
}

/** The result of sending an invitation again or revoking it. */
export type InvitationResult =
  | {
      readonly kind: 'done'
      /** The invited user; null if nothing changed and the caller may not read the profile. */
      readonly user: UserEntity | null
    }
  | { readonly kind: 'notFound' | 'notInvited' }
  | { readonly kind: 'accessDenied'; readonly reason: AccessRefusal }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

/** The result of creating the link of an invitation. */
export type InvitationLinkResult =
  | { readonly kind: 'created'; readonly url: string; readonly expiresAt: Date }
  | Exclude<InvitationResult, { readonly kind: 'done' }>

/** An invitation and the delivery state of its mail. */
export interface SentInvitation {
  readonly link: OneTimeLinkEntity
  /** The mail of the invitation; null once the mail server accepted it or it was saved as a file. */
  readonly undelivered: OutboxMailEntity | null
}

/** How long an invitation is valid, in seconds. */
const invitationSeconds = 72 * 60 * 60

const notActiveYet = { status: 'INVITED', passwordHash: null } as const

/** Adds users and invites them. */
export class InvitationService {
  constructor(
    private readonly database: Database,
    private readonly guard: AccessGuard,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly links: OneTimeLinkService,
    private readonly mail: MailService,
    private readonly throttle: ThrottleService,
    private readonly publicUrl: URL,
    private readonly settings: SettingsService,
    private readonly selection: UserSelectionService,
    private readonly notices: AdministratorNoticeService,
  ) {}

  /** Sending invitations again, as a change of a selection of users. */
  readonly resending: SelectionAction = {
    permission: 'users.invite',
    action: 'RESEND_INVITATION',
    refusalTo: refusalToManageInvitation,
    removesOwners: false,
    stateRefusal: user => (user.status === 'INVITED' ? null : 'notInvited'),
    isDone: () => false,
    begin: (unit, user) => this.throttle.beginInvitation(unit, user.loginKey),
    apply: async (unit, users, { actor }) => {
      await this.send(unit, actor, users)
      return users
    },
  }

  /**
   * Adds a user and sends them an invitation.
   *
   * @throws as {@link AccessGuard.write}.
   */
  async invite(actor: Caller, invited: GivenUser, origin: RequestOrigin): Promise<InviteOutcome> {
    const call = { permission: 'users.invite', action: 'INVITE_USER', actor, origin } as const
    const [outcome] = await this.add(call, [invited], false)
    if (outcome === undefined) throw new Error('No user was added and no reason was given.')
    return outcome
  }

  /**
   * Adds users and sends each an invitation. If one user cannot be added, the others are added
   * nevertheless.
   *
   * @param dryRun whether to return the results without adding anyone. Only the dry run is recorded.
   * @returns a result for each user, in the given order.
   * @throws as {@link AccessGuard.write}; BAD_USER_INPUT unless 1 to 100 users are given.
   */
  async inviteAll(
    actor: Caller,
    invited: readonly GivenUser[],
    dryRun: boolean,
    origin: RequestOrigin,
  ): Promise<InviteOutcome[]> {
    if (invited.length === 0 || invited.length > maxUsersAtOnce) {
      throw badInput(`users must contain 1 to ${maxUsersAtOnce} entries.`)
    }
    const call = { permission: 'users.invite', action: 'INVITE_USER', actor, origin } as const
    return this.add(call, invited, dryRun)
  }

  /**
   * Sends an invitation again, with a new link; the older link stops working. The number of
   * invitations to a login is limited, because the mailbox is another person's.
   *
   * @throws as {@link AccessGuard.write}.
   */
  async resend(actor: Caller, userId: string, origin: RequestOrigin): Promise<InvitationResult> {
    const call = { actor, subjectId: userId, origin }
    const [outcome] = await this.selection.run(this.resending, call, [userId])
    const { user = null, refusal = null } = outcome ?? {}
    if (refusal === null) return { kind: 'done', user }
    switch (refusal.kind) {
      case 'accessDenied':
      case 'tooManyAttempts':
        return refusal
      case 'notFound':
      case 'notInvited':
        return { kind: refusal.kind }
      default:
        throw new Error(`Sending an invitation again cannot be refused with ${refusal.kind}.`)
    }
  }

  /**
   * Creates a link with which an invited user sets their first password, to hand over. Earlier
   * invitations stop working. The link is not sent to the login, so its use does not verify the
   * login. Anyone who has the link gets the account, so it requires what setting a password requires.
   *
   * @throws as {@link AccessGuard.write}.
   */
  async createLink(
    actor: Caller,
    userId: string,
    origin: RequestOrigin,
  ): Promise<InvitationLinkResult> {
    const call = { permission: 'users.manage', action: 'CREATE_INVITATION_LINK' } as const
    const created: InvitationLinkResult[] = []
    const result = await this.manage(
      { ...call, actor, subjectId: userId, origin },
      async (unit, caller, user) => {
        const { token, expiresAt } = await this.links.issueToHandOver(
          unit,
          'INVITATION',
          userId,
          invitationSeconds,
          caller.id,
        )
        // Mails with earlier links are no longer useful.
        await this.mail.discardAbout(unit, [invitationReference(userId)])
        await this.notices.notifyAll(unit, [user], caller, origin, () => ({
          kind: 'invitationLinkCreated',
          hours: invitationSeconds / 3600,
        }))
        created.push({ kind: 'created', url: this.linkOf(token), expiresAt })
        return true
      },
      refusalToManageSignIn,
      // Each link causes a mail, like an invitation that is sent again.
      (unit, user) => this.throttle.beginInvitation(unit, user.loginKey),
    )
    if (result.kind !== 'done') return result
    const [link] = created
    if (link === undefined) throw new Error('No link was created, without a reason.')
    return link
  }

  /**
   * Revokes an invitation. Does nothing if there is no valid invitation.
   *
   * @throws as {@link AccessGuard.write}.
   */
  revoke(actor: Caller, userId: string, origin: RequestOrigin): Promise<InvitationResult> {
    const call = { permission: 'users.invite', action: 'REVOKE_INVITATION' } as const
    return this.manage({ ...call, actor, subjectId: userId, origin }, async unit => {
      await this.mail.discardAbout(unit, [invitationReference(userId)])
      return this.links.revoke(unit, 'INVITATION', userId)
    })
  }

  /** The newest invitation of each of these users, by their ids. */
  async newestOf(userIds: readonly string[]): Promise<Map<string, SentInvitation>> {
    const links = await this.database.read(unit => this.links.newestOf(unit, 'INVITATION', userIds))
    const mails = await this.mail.newestAbout([...links.keys()].map(invitationReference))
    return new Map(
      [...links].map(([userId, link]) => {
        const mail = mails.get(invitationReference(userId))
        // The mail must belong to this link, not to an earlier one.
        const isOfLink = mail?.linkExpiresAt?.getTime() === link.expiresAt.getTime()
        return [userId, { link, undelivered: isOfLink ? (mail ?? null) : null }]
      }),
    )
  }

  private add(
    call: GuardedCall,
    invited: readonly GivenUser[],
    dryRun: boolean,
  ): Promise<InviteOutcome[]> {
    return this.guard.write(call, async (unit, caller) => {
      const judged = await judgeNewUsers(unit, caller, invited, {
        settings: this.settings,
        users: this.users,
      })
      if (dryRun) {
        await this.operations.record(unit, call.origin, {
          action: 'PREVIEW_INVITATIONS',
          outcome: 'DONE',
          actorId: caller.id,
          subjectId: null,
          changes: [changeOf('users', invited.length, invited.length)],
        })
        return judged.map(({ accepted, refusals }) => ({
          profile: accepted,
          user: null,
          refusals,
        }))
      }
      const accepted = judged.flatMap(({ accepted }) => accepted ?? [])
      const invitations = accepted.map(user => ({ ...user, ...notActiveYet }))
      const logins = accepted.map(({ login }) => loginKeyOf(login))
      const wait = await this.throttle.beginInvitations(unit, caller.id, logins)
      if (wait !== null) {
        throw rateLimited(
          wait.retryAfterSeconds,
          'Too many invitations today, by you or to one mailbox. Nobody was invited.',
        )
      }
      const added = await this.users.add(unit, invitations)
      await this.send(unit, caller, added)

      const outcomes: InviteOutcome[] = []
      const records: OperationRecord[] = []
      const left = added.values()
      for (const { accepted, refusals } of judged) {
        const user = accepted === null ? null : (left.next().value ?? null)
        outcomes.push({ profile: accepted, user, refusals })
        const record = { action: 'INVITE_USER', actorId: caller.id, subjectId: null } as const
        if (user !== null) {
          const changes = changesBetween({}, user, accessNames)
          records.push({ ...record, subjectId: user.id, outcome: 'DONE', changes })
        }
        for (const refusal of refusals) {
          if (refusal.kind !== 'accessDenied') continue
          records.push({ ...record, outcome: 'REFUSED', reason: refusal.reason })
        }
      }
      await this.operations.recordAll(unit, call.origin, records)
      return outcomes
    })
  }

  /** Runs `work` on the invitation of one user. It returns whether it changed anything. */
  private manage(
    call: GuardedCall & { readonly subjectId: string },
    work: (unit: WritingUnitOfWork, caller: Caller, user: UserEntity) => Promise<boolean>,
    refusalTo: typeof refusalToManageSignIn = refusalToManageInvitation,
    begin: SelectionAction['begin'] = async () => null,
  ): Promise<InvitationResult> {
    const { action, subjectId, origin } = call
    return this.guard.write(call, async (unit, caller): Promise<InvitationResult> => {
      const user = await this.users.findIn(unit, subjectId)
      if (user === null) return { kind: 'notFound' }
      const record = { action, actorId: caller.id, subjectId }
      const reason = refusalTo(caller, user)
      if (reason !== null) {
        await this.operations.record(unit, origin, { ...record, outcome: 'REFUSED', reason })
        return { kind: 'accessDenied', reason }
      }
      if (user.status !== 'INVITED') return { kind: 'notInvited' }
      const wait = await begin(unit, user)
      if (wait !== null) {
        const { first, retryAfterSeconds } = wait
        const reason = 'TOO_MANY_ATTEMPTS'
        if (first)
          await this.operations.record(unit, origin, { ...record, outcome: 'REFUSED', reason })
        return { kind: 'tooManyAttempts', retryAfterSeconds }
      }
      const done = await work(unit, caller, user)
      if (done) {
        await this.operations.record(unit, origin, { ...record, outcome: 'DONE' })
      }
      return { kind: 'done', user: shownAfter(caller, user, done) }
    })
  }

  /** Sends each of these users a new link. */
  private async send(
    unit: WritingUnitOfWork,
    sender: UserEntity,
    users: readonly UserEntity[],
  ): Promise<void> {
    const ids = users.map(user => user.id)
    const expiresAt = new Date(Date.now() + invitationSeconds * 1000)
    const tokens = await this.links.issueAll(unit, 'INVITATION', ids, expiresAt)
    const mails = users.map(user => {
      const notice = {
        firstName: user.firstName,
        login: user.login,
        userId: user.id,
        invitedBy: fullNameOf(sender),
        expiresAt,
        url: this.linkOf(tokens.get(user.id) ?? ''),
      }
      return [user, invitationMail(notice)] as const
    })
    // Mails with earlier links are no longer useful.
    await this.mail.discardAbout(unit, ids.map(invitationReference))
    await this.mail.sendAll(unit, mails)
  }

  private linkOf(token: string): string {
    // The token is in the fragment: browsers do not send it, so no log contains it.
    return `${this.publicUrl.origin}/activate#token=${token}`
  }
}
