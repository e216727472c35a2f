import { loginKeyOf } from '@rekey/shared/login'
import { accessNames } from '../access/access-fields.js'
import type { AccessGuard } from '../access/access-guard.service.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { badInput, rateLimited } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import {
  type GivenUser,
  judgeNewUsers,
  type NewUserRefusal,
} from '../invitations/judge-new-users.js'
import type { MailService } from '../mail/mail.service.js'
import { text } from '../messages/language.js'
import type { OperationRecord, OperationService } from '../operations/operation.service.js'
import { changeOf, changesBetween } from '../operations/operation-change.js'
import {
  type ImportedWorkService,
  maxImportedKinds,
} from '../password-hashing/imported-work.service.js'
import type {
  ImportableHash,
  ImportRefusal,
  PasswordHasher,
} from '../password-hashing/password-hasher.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import { maxUsersAtOnce } from '../user-management/user-selection.service.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'
import type { NewUser, UserService } from '../users/user.service.js'
import { fullNameOf } from '../users/user-keys.js'
import { accountImportedMail } from './account-imported.mail.js'

/** A user to import, as the caller entered them. */
export interface ImportedUser extends GivenUser {
  /** The password hash of the other system. */
  readonly passwordHash: string
  /** When the user chose that password; null if it is unknown. */
  readonly passwordChangedAt: Date | null
}

/** How to import users. */
export interface ImportOptions {
  /** Whether to return the results without adding anyone. Only the dry run is recorded. */
  readonly dryRun: boolean
  /** Whether each added user gets a mail. */
  readonly sendMail: boolean
}

/** Why a password hash cannot be imported. */
export type HashRefusal = ImportRefusal | 'TOO_MANY_KINDS'

/** Why a user was not imported; several reasons can apply at once. */
export type ImportUserRefusal =
  | NewUserRefusal
  | { readonly kind: 'hashRefused'; readonly reason: HashRefusal }

/** The result for one user to import. */
export interface ImportOutcome {
  /** The added user; null if refused, and in a dry run. */
  readonly user: UserEntity | null
  readonly refusals: readonly ImportUserRefusal[]
}

/** A user to import and the verdict on them. */
interface JudgedImport {
  /** The user to add and their hash; null if refused. */
  readonly accepted: { readonly user: NewUser; readonly hash: ImportableHash } | null
  readonly refusals: readonly ImportUserRefusal[]
}

/** Adds active users with the password hashes of another system. */
export class ImportUsersService {
  constructor(
    private readonly guard: AccessGuard,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly mail: MailService,
    private readonly throttle: ThrottleService,
    private readonly settings: SettingsService,
    private readonly hasher: PasswordHasher,
    private readonly importedWork: ImportedWorkService,
    private readonly publicUrl: URL,
  ) {}

  /**
   * Imports users. If one user cannot be imported, the others are imported nevertheless.
   *
   * @returns a result for each user, in the given order.
   * @throws as {@link AccessGuard.write}; BAD_USER_INPUT unless 1 to 100 users are given;
   *   RATE_LIMITED if mails are to be sent and the caller or a mailbox has reached the limit of a day.
   */
  async importAll(
    actor: Caller,
    given: readonly ImportedUser[],
    { dryRun, sendMail }: ImportOptions,
    origin: RequestOrigin,
  ): Promise<ImportOutcome[]> {
    if (given.length === 0 || given.length > maxUsersAtOnce) {
      throw badInput(`users must contain 1 to ${maxUsersAtOnce} entries.`)
    }
    const call = {
      permission: 'users.import',
      furtherPermission: 'users.invite',
      action: 'IMPORT_USER',
      actor,
      origin,
    } as const
    return this.guard.write(call, async (unit, caller) => {
      const judged = await this.judge(unit, caller, given)
      if (dryRun) {
        await this.operations.record(unit, origin, {
          action: 'PREVIEW_IMPORT',
          outcome: 'DONE',
          actorId: caller.id,
          subjectId: null,
          changes: [changeOf('users', given.length, given.length)],
        })
        return judged.map(({ refusals }) => ({ user: null, refusals }))
      }
      const accepted = judged.flatMap(({ accepted }) => accepted ?? [])
      const added = await this.users.add(
        unit,
        accepted.map(({ user }) => user),
      )
      await this.importedWork.add(
        unit,
        accepted.map(({ hash }) => hash.work),
      )
      if (sendMail) await this.notify(unit, caller, added)
      return this.record(unit, caller, judged, added, origin)
    })
  }

  private async judge(
    unit: WritingUnitOfWork,
    caller: Caller,
    given: readonly ImportedUser[],
  ): Promise<JudgedImport[]> {
    const verdicts = await judgeNewUsers(unit, caller, given, {
      settings: this.settings,
      users: this.users,
    })
    const kinds = new Set((await this.importedWork.readIn(unit)).keys())
    const now = new Date()
    return verdicts.map((verdict, index): JudgedImport => {
      const { passwordHash = '', passwordChangedAt = null } = given[index] ?? {}
      const refusals: ImportUserRefusal[] = [...verdict.refusals]
      if (passwordChangedAt !== null && passwordChangedAt > now) {
        const message = text('user-import.error.changedInFuture')
        refusals.push({ kind: 'invalid', problem: { field: 'passwordChangedAt', message } })
      }
      const hash = this.hasher.readImport(passwordHash)
      if (typeof hash === 'string') {
        refusals.push({ kind: 'hashRefused', reason: hash })
        return { accepted: null, refusals }
      }
      if (!kinds.has(hash.work.kind) && kinds.size >= maxImportedKinds) {
        refusals.push({ kind: 'hashRefused', reason: 'TOO_MANY_KINDS' })
      }
      if (verdict.accepted === null || refusals.length > 0) return { accepted: null, refusals }
      kinds.add(hash.work.kind)
      const password = { passwordHash: hash.stored, passwordChangedAt: passwordChangedAt ?? now }
      return {
        accepted: { user: { ...verdict.accepted, ...password, status: 'ACTIVE' }, hash },
        refusals,
      }
    })
  }

  /** Sends each added user a mail. Rejects the whole import at the limit of a day. */
  private async notify(
    unit: WritingUnitOfWork,
    sender: Caller,
    added: readonly UserEntity[],
  ): Promise<void> {
    // The limit of invitations, because these mails go to people who have never used Rekey, too.
    const logins = added.map(({ login }) => loginKeyOf(login))
    const wait = await this.throttle.beginInvitations(unit, sender.id, logins)
    if (wait !== null) {
      throw rateLimited(
        wait.retryAfterSeconds,
        'Too many mails to new users today, by you or to one mailbox. Nobody was imported.',
      )
    }
    const mails = added.map(user => {
      const { firstName, login } = user
      const addedBy = fullNameOf(sender)
      const notice = { firstName, login, addedBy, url: this.publicUrl.origin }
      return [user, accountImportedMail(notice)] as const
    })
    await this.mail.sendAll(unit, mails)
  }

  private async record(
    unit: WritingUnitOfWork,
    caller: Caller,
    judged: readonly JudgedImport[],
    added: readonly UserEntity[],
    origin: RequestOrigin,
  ): Promise<ImportOutcome[]> {
    const records: OperationRecord[] = []
    const left = added.values()
    const outcomes = judged.map(({ accepted, refusals }): ImportOutcome => {
      const user = accepted === null ? null : (left.next().value ?? null)
      const record = { action: 'IMPORT_USER', actorId: caller.id, subjectId: null } as const
      if (user !== null) {
        const changes = changesBetween({}, user, accessNames)
        records.push({ ...record, subjectId: user.id, outcome: 'DONE', changes })
      }
      for (const refusal of refusals) {
        if (refusal.kind !== 'accessDenied') continue
        records.push({ ...record, outcome: 'REFUSED', reason: refusal.reason })
      }
      return { user, refusals }
    })
    await this.operations.recordAll(unit, origin, records)
    return outcomes
  }
}
