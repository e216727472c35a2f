import {
  type AccessRefusal,
  refusalToInvite,
  refusalToManageInvitation,
} from '@rekey/shared/access'
import type { PasswordRuleSetting } from '@rekey/shared/password-policy'
import { type AccessNames, readAccess } from '../access/access-fields.js'
import type { PermissionGuard } from '../access/permission-guard.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import type {
  OneTimeLinkService,
  OneTimeLinkStatus,
} from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordHasher } from '../passwords/password-hasher.js'
import type { PasswordPolicyService } from '../passwords/password-policy.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { UserEntity } from '../users/user.entity.js'
import type { NewUser, UserService } from '../users/user.service.js'
import { type FieldProblem, readUserFields, type UserFields } from '../users/user-fields.js'
import { fullNameOf, loginKeyOf } from '../users/user-keys.js'
import { invitationMail } from './invitation.mail.js'

/** Someone to be invited. */
export interface Invitee extends UserFields, AccessNames {}

/** What became of one invitation. */
export type InvitationResult =
  | {
      readonly kind: 'invited'
      /** Null when it was only checked. */
      readonly user: UserEntity | null
    }
  | {
      readonly kind: 'refused'
      readonly problems: readonly FieldProblem[]
      readonly loginTaken: boolean
      readonly refusal: AccessRefusal | null
    }

/** What became of resending or revoking. */
export type InvitationChangeResult =
  | { readonly kind: 'changed'; readonly user: UserEntity }
  | { readonly kind: 'denied'; readonly refusal: AccessRefusal }
  | { readonly kind: 'notFound' | 'notInvited' }

/** What became of an activation. */
export type ActivationResult =
  | { readonly kind: 'activated'; readonly user: UserEntity; readonly token: string }
  | {
      readonly kind: 'linkInvalid'
      readonly status: Exclude<OneTimeLinkStatus, 'VALID'> | 'UNKNOWN'
    }
  | { readonly kind: 'policyViolated'; readonly violations: readonly PasswordRuleSetting[] }

type Checked =
  | { readonly kind: 'good'; readonly user: NewUser }
  | Extract<InvitationResult, { kind: 'refused' }>

const linkHours = 72

/** Adds users by inviting them, and makes those active who accept. */
export class InvitationService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly sessions: SessionService,
    private readonly operations: OperationService,
    private readonly links: OneTimeLinkService,
    private readonly mail: MailService,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicyService,
    private readonly guard: PermissionGuard,
    private readonly publicUrl: URL,
  ) {}

  /**
   * Adds users and invites them: those that are good, whatever is wrong with others.
   *
   * @param dryRun true checks and stores nothing.
   * @returns what became of each, in the order given.
   * @throws FORBIDDEN without `users.invite`.
   */
  async invite(
    caller: UserEntity,
    invitees: readonly Invitee[],
    dryRun: boolean,
    origin: RequestOrigin,
  ): Promise<InvitationResult[]> {
    const undertaking = { action: 'INVITE_USER', subjectId: null } as const
    await this.guard.require(caller, 'users.invite', undertaking, origin)
    if (dryRun) {
      const checked = await this.database.read(unit => this.check(unit, caller, invitees))
      return checked.map(one => (one.kind === 'good' ? { kind: 'invited', user: null } : one))
    }
    return this.database.write(async unit => {
      const actor = await this.guard.actorIn(unit, caller)
      const checked = await this.check(unit, actor, invitees)
      const good = checked.flatMap(one => (one.kind === 'good' ? [one.user] : []))
      const added = await this.users.add(unit, good)
      for (const user of added) {
        await this.send(unit, actor, user)
        const done = { action: 'INVITE_USER', outcome: 'DONE', actorId: actor.id } as const
        await this.operations.record(unit, origin, { ...done, subjectId: user.id })
      }
      const rest = added.values()
      return checked.map(
        (one): InvitationResult =>
          one.kind === 'good' ? { kind: 'invited', user: rest.next().value ?? null } : one,
      )
    })
  }

  /**
   * Sends an invitation again; the link of the one before stops working.
   *
   * @throws FORBIDDEN without `users.invite`.
   */
  resend(
    caller: UserEntity,
    userId: string,
    origin: RequestOrigin,
  ): Promise<InvitationChangeResult> {
    return this.change(caller, userId, 'RESEND_INVITATION', origin, (unit, actor, user) =>
      this.send(unit, actor, user),
    )
  }

  /**
   * Has the link of an invitation stop working. The user stays invited.
   *
   * @throws FORBIDDEN without `users.invite`.
   */
  revoke(
    caller: UserEntity,
    userId: string,
    origin: RequestOrigin,
  ): Promise<InvitationChangeResult> {
    return this.change(caller, userId, 'REVOKE_INVITATION', origin, async (unit, _actor, user) => {
      await this.links.revoke(unit, 'INVITATION', user.id)
      // It may not have left yet.
      await this.mail.withdrawTo(unit, user.login)
    })
  }

  /** The newest invitation of each of these users, by their ids. */
  newestOf(userIds: readonly string[]): Promise<Map<string, OneTimeLinkEntity>> {
    return this.database.read(unit => this.links.newestOf(unit, 'INVITATION', userIds))
  }

  /** Sets the first password of whoever holds the link of an invitation, and signs them in. */
  async activate(
    { token, password }: { readonly token: string; readonly password: string },
    previousToken: string | undefined,
    origin: RequestOrigin,
  ): Promise<ActivationResult> {
    // Before anything costly: without the link there is nothing here to be had.
    const found = await this.database.read(unit => this.lookUp(unit, token))
    if (found.status !== 'VALID') return { kind: 'linkInvalid', status: found.status }
    const violations = await this.policy.violationsOf(password, { login: found.user.login })
    if (violations.length > 0) return { kind: 'policyViolated', violations }
    const passwordHash = await this.hasher.hash(password)
    return this.database.write(async (unit): Promise<ActivationResult> => {
      const still = await this.lookUp(unit, token)
      if (still.status !== 'VALID') return { kind: 'linkInvalid', status: still.status }
      await this.links.redeem(unit, still.link)
      const user = await this.users.activate(unit, still.user, passwordHash)
      const sessionToken = await this.sessions.begin(unit, user, previousToken, origin)
      await this.operations.record(unit, origin, {
        action: 'ACTIVATE_USER',
        outcome: 'DONE',
        actorId: user.id,
        subjectId: user.id,
      })
      return { kind: 'activated', user, token: sessionToken }
    })
  }

  /** The link of an invitation; of links for other things nothing is told. */
  private async lookUp(unit: UnitOfWork, token: string) {
    const found = await this.links.lookUp(unit, token)
    return found.status === 'VALID' && found.link.purpose !== 'INVITATION'
      ? ({ status: 'UNKNOWN' } as const)
      : found
  }

  private async send(unit: WritingUnitOfWork, actor: UserEntity, user: UserEntity): Promise<void> {
    const token = await this.links.issue(unit, 'INVITATION', user.id, linkHours * 60 * 60)
    const content = invitationMail({
      firstName: user.firstName,
      login: user.login,
      invitedBy: fullNameOf(actor),
      hours: linkHours,
      // In the fragment: browsers don't send it, so no log ever holds it.
      link: `${this.publicUrl.origin}/activate#token=${token}`,
    })
    await this.mail.send(unit, user.login, content)
  }

  private async check(
    unit: UnitOfWork,
    actor: UserEntity,
    invitees: readonly Invitee[],
  ): Promise<Checked[]> {
    const holders = await this.users.findManyByLoginIn(
      unit,
      invitees.map(({ login }) => login.trim()),
    )
    const taken = new Set(holders.map(({ loginKey }) => loginKey))
    return invitees.map(invitee => {
      const checked = checkOne(actor, invitee, taken)
      // A login that comes twice is the first one's.
      if (checked.kind === 'good') taken.add(loginKeyOf(checked.user.login))
      return checked
    })
  }

  private async change(
    caller: UserEntity,
    userId: string,
    action: 'RESEND_INVITATION' | 'REVOKE_INVITATION',
    origin: RequestOrigin,
    work: (unit: WritingUnitOfWork, actor: UserEntity, user: UserEntity) => Promise<void>,
  ): Promise<InvitationChangeResult> {
    const undertaking = { action, subjectId: userId } as const
    await this.guard.require(caller, 'users.invite', undertaking, origin)
    return this.database.write(async (unit): Promise<InvitationChangeResult> => {
      const user = await this.users.findIn(unit, userId)
      if (user === null) return { kind: 'notFound' }
      const actor = await this.guard.actorIn(unit, caller)
      const refusal = refusalToManageInvitation(actor, user)
      if (refusal !== null) {
        await this.guard.recordDenial(unit, actor, undertaking, refusal, origin)
        return { kind: 'denied', refusal }
      }
      if (user.status !== 'INVITED') return { kind: 'notInvited' }
      await work(unit, actor, user)
      const done = { ...undertaking, outcome: 'DONE', actorId: actor.id } as const
      await this.operations.record(unit, origin, done)
      return { kind: 'changed', user }
    })
  }
}

const checkOne = (actor: UserEntity, invitee: Invitee, taken: ReadonlySet<string>): Checked => {
  const { login, firstName, lastName, phone, language } = invitee
  const fields = readUserFields({ login, firstName, lastName, phone, language })
  const access = readAccess(invitee)
  const problems = [
    ...('problems' in fields ? fields.problems : []),
    ...('problems' in access ? access.problems : []),
  ]
  const refusal = 'access' in access ? refusalToInvite(actor, access.access) : null
  const loginTaken = 'fields' in fields && taken.has(loginKeyOf(fields.fields.login))
  if ('problems' in fields || 'problems' in access || loginTaken || refusal !== null) {
    return { kind: 'refused', problems, loginTaken, refusal }
  }
  const user: NewUser = {
    ...fields.fields,
    ...access.access,
    status: 'INVITED',
    passwordHash: null,
  }
  return { kind: 'good', user }
}
