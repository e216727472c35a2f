import {
  type Access,
  hasPermission,
  mayChangeLoginOf,
  mayReadUser,
  mayUpdateUser,
  type Permission,
  type Role,
  type UserStatus,
} from '@rekey/shared/access'
import { loginKeyOf } from '@rekey/shared/login'
import { uuidv7 } from 'uuidv7'
import { requirePermission } from '../access/require-permission.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { forbidden, forbiddenOn, unauthenticated } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import { changesBetween, namesChangedBetween } from '../operations/operation-change.js'
import { formatPhone } from '../phone-numbers/phone.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { Caller } from './caller.js'
import { loginChangedMail, loginChangedReference } from './login-changed.mail.js'
import { formerLoginAfter } from './login-doubt.js'
import { timeOfChange } from './same-password.js'
import { requireReadable, shownAfter } from './shown-profile.js'
import type { UserEntity } from './user.entity.js'
import * as store from './user.store.js'
import {
  type FieldProblem,
  type GivenIntegrationFields,
  type IntegrationFields,
  integrationNames,
  profileNames,
  readIntegrationFields,
  readUserFields,
  type UserFields,
} from './user-fields.js'
import { derivedColumnsOf, fullNameOf, keysToFind } from './user-keys.js'

/** An edit of a profile. Fields that are left out stay as they are. */
export interface UserEdit extends GivenIntegrationFields {
  readonly userId: string
  /** The version that the edit began from. Without it, the edit overwrites other edits. */
  readonly version?: number | undefined
  readonly fields: Partial<UserFields>
}

/** The result of an edit. */
export type UserEditResult =
  | {
      readonly kind: 'updated'
      /** The current profile; null if nothing changed and the caller may not read it. */
      readonly user: UserEntity | null
    }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] }
  | {
      readonly kind: 'changedMeanwhile'
      /** The current profile. */
      readonly user: UserEntity
    }
  | { readonly kind: 'loginTaken' | 'externalIdTaken' | 'notFound' }

/** A user to add, already validated. Without an external id and metadata, the user has none. */
export interface NewUser extends UserFields, Partial<IntegrationFields> {
  readonly role: Role
  /** Defaults to none. */
  readonly grantedPermissions?: readonly Permission[]
  /** Defaults to none. */
  readonly withdrawnPermissions?: readonly Permission[]
  readonly status: UserStatus
  readonly passwordHash: string | null
  /** Defaults to the time at which the user was added. */
  readonly passwordChangedAt?: Date
  readonly lastSignInAt?: Date | null
  /** Defaults to null: adding a user proves nothing about the mailbox. */
  readonly loginVerifiedAt?: Date | null
  readonly createdAt?: Date
}

/** A password to store, already judged and hashed. */
export interface PasswordToStore {
  readonly passwordHash: string
  /** Whether the user must choose another password at the next sign-in. */
  readonly mustChange: boolean
  /** When it stops working, unless the user changes it; null if never. */
  readonly expiresAt: Date | null
  /** Whether the user set it with a link that was sent to the login, which verifies the login. */
  readonly verifiesLogin: boolean
}

const passwordColumnsOf = (
  user: UserEntity,
  { passwordHash, mustChange, expiresAt, verifiesLogin }: PasswordToStore,
) => ({
  passwordHash,
  passwordChangedAt: timeOfChange(user),
  mustChangePassword: mustChange,
  passwordExpiresAt: expiresAt,
  passwordTemporary: mustChange,
  passwordRemindedAt: null,
  loginVerifiedAt: verifiesLogin ? new Date() : user.loginVerifiedAt,
})

/** How many shared mailboxes are listed at most. */
export const maxSharedMailboxes = 20

/**
 * The fields, without the login and the phone number if they are unchanged. Validating them again
 * could change them: an earlier version stored logins as they were typed, and the default region of
 * the account may be another one now.
 */
const withoutUnchanged = (
  { login, phone, ...others }: Partial<UserFields>,
  target: UserEntity,
): Partial<UserFields> => {
  const shown = target.phone === null ? null : formatPhone(target.phone)
  const hasNewLogin = login !== undefined && login.trim() !== target.login
  const hasNewPhone =
    phone !== undefined && ![target.phone, shown].includes(phone === null ? null : phone.trim())
  return { ...others, ...(hasNewLogin && { login }), ...(hasNewPhone && { phone }) }
}

/** Reads and edits users. */
export class UserService {
  constructor(
    private readonly database: Database,
    private readonly operations: OperationService,
    private readonly links: OneTimeLinkService,
    private readonly throttle: ThrottleService,
    private readonly mail: MailService,
    private readonly publicUrl: URL,
    private readonly settings: SettingsService,
  ) {}

  /**
   * The user with this id, or null. Checks no permission: use it only in a request that is already
   * authorized.
   */
  find(id: string): Promise<UserEntity | null> {
    return this.database.read(unit => store.findUser(unit, id))
  }

  /** As {@link find}, within a unit of work. */
  findIn(unit: UnitOfWork, id: string): Promise<UserEntity | null> {
    return store.findUser(unit, id)
  }

  /** The users with these ids, in no order; unknown ids are left out. */
  findMany(ids: readonly string[]): Promise<UserEntity[]> {
    return this.database.read(unit => store.findUsers(unit, ids))
  }

  /** As {@link findMany}, within a unit of work. */
  findManyIn(unit: UnitOfWork, ids: readonly string[]): Promise<UserEntity[]> {
    return store.findUsers(unit, ids)
  }

  /**
   * The caller as they are in this unit of work. Their permissions may have changed since their
   * request began, and a request can hold many mutations.
   *
   * @throws UNAUTHENTICATED when they were blocked or deleted, their session ended, or their API
   * token was revoked in the meantime.
   */
  async callerIn(unit: UnitOfWork, caller: Caller): Promise<Caller> {
    const user = await store.findUser(unit, caller.id)
    if (user?.status !== 'ACTIVE') throw unauthenticated()
    await caller.requireValidCredential(unit)
    return { ...caller, ...user }
  }

  /** The user with this login in any spelling, or null. */
  findByLogin(login: string): Promise<UserEntity | null> {
    return this.database.read(unit => store.findUserByLogin(unit, login))
  }

  /** As {@link findByLogin}, within a unit of work. */
  findByLoginIn(unit: UnitOfWork, login: string): Promise<UserEntity | null> {
    return store.findUserByLogin(unit, login)
  }

  /** The users with these keys of logins, in no order. */
  findByLoginKeysIn(unit: UnitOfWork, loginKeys: readonly string[]): Promise<UserEntity[]> {
    return store.findUsersByLoginKeys(unit, loginKeys)
  }

  /** The users with these external ids, in no order. */
  findByExternalIdsIn(unit: UnitOfWork, externalIds: readonly string[]): Promise<UserEntity[]> {
    return store.findUsersByExternalIds(unit, externalIds)
  }

  /**
   * The users who share a mailbox as their login, grouped by mailbox; at most
   * {@link maxSharedMailboxes}.
   *
   * @throws FORBIDDEN without `users.read` or `users.manage`.
   */
  async listSharedMailboxes(actor: Caller): Promise<UserEntity[][]> {
    requirePermission(actor, 'users.read', 'users.manage')
    return this.findSharedMailboxes()
  }

  /** As {@link listSharedMailboxes}, without a caller. */
  findSharedMailboxes(): Promise<UserEntity[][]> {
    return this.database.read(async unit => {
      const others = await store.listWithTakenKey(unit, maxSharedMailboxes)
      const keys = new Set(others.flatMap(user => user.takenLoginKey ?? []))
      const holders = await store.findUsersByLoginKeys(unit, [...keys])
      return [...keys].map(key => [
        ...holders.filter(user => user.loginKey === key),
        ...others.filter(user => user.takenLoginKey === key),
      ])
    })
  }

  /** How many users have a login whose mailbox is another user's login, too. */
  countWithSharedMailbox(): Promise<number> {
    return this.database.read(store.countWithTakenKey)
  }

  /** How many owners can sign in. */
  countActiveOwners(unit: UnitOfWork): Promise<number> {
    return store.countActiveOwners(unit)
  }

  /** How many users have each status. */
  countByStatusIn(unit: UnitOfWork): Promise<Record<UserStatus, number>> {
    return store.countByStatus(unit)
  }

  /** How many users must choose a new password; stops at the maximum. */
  countRequiredChangesIn(unit: UnitOfWork, max: number): Promise<number> {
    return store.countRequiredChanges(unit, max)
  }

  /**
   * The users whose password is the oldest, oldest first. Without users who cannot sign in or must
   * change their password anyway. Checks no permission.
   */
  listOldestPasswords(limit: number): Promise<UserEntity[]> {
    return this.database.read(unit => store.listOldestPasswords(unit, limit))
  }

  /** Whether there is any user. */
  anyUser(unit: UnitOfWork): Promise<boolean> {
    return store.hasUsers(unit)
  }

  /**
   * The profile with this id, or null if there is none.
   *
   * @throws FORBIDDEN for a caller who may not see the profile, whether or not it exists.
   */
  async read(actor: Caller, id: string): Promise<UserEntity | null> {
    if (!mayReadUser(actor, { id })) throw forbidden('users.read')
    return this.find(id)
  }

  /** The users with these ids whom the caller may see, with one query. */
  readMany(actor: Caller, ids: readonly string[]): Promise<UserEntity[]> {
    return this.findMany(ids.filter(id => mayReadUser(actor, { id })))
  }

  /**
   * Edits a profile. A new login ends the links that were sent to the former login, and a mail
   * notifies the former login. The new login is not verified.
   *
   * @param beforeNewLogin throws an error if the caller may not change a login now.
   * @throws FORBIDDEN for a caller who may not edit the profile or its login. If the version is no
   * longer the newest, also for a caller who may not read the profile.
   */
  async update(
    actor: Caller,
    edit: UserEdit,
    origin: RequestOrigin,
    beforeNewLogin: () => void,
  ): Promise<UserEditResult> {
    const target = await this.find(edit.userId)
    if (target === null) {
      requirePermission(actor, 'users.manage')
      return { kind: 'notFound' }
    }
    const refusal = {
      action: 'UPDATE_USER',
      reason: 'FORBIDDEN',
      actorId: actor.id,
      subjectId: target.id,
    } as const
    if (!mayUpdateUser(actor, target)) {
      await this.operations.recordRefusal(origin, refusal)
      throw forbiddenOn(actor, 'users.manage')
    }
    const { defaultRegion } = await this.settings.readAccountDefaults()
    const given = withoutUnchanged(edit.fields, target)
    const read = readUserFields(given, defaultRegion)
    const integration = readIntegrationFields(edit)
    if ('problems' in read || 'problems' in integration) {
      const problems = [read, integration].flatMap(one => ('problems' in one ? one.problems : []))
      return { kind: 'invalid', problems }
    }
    const changesIntegration = (user: UserEntity) =>
      changesBetween(user, { ...user, ...integration.fields }, integrationNames).length > 0
    if (changesIntegration(target) && !hasPermission(actor, 'users.manage')) {
      await this.operations.recordRefusal(origin, refusal)
      throw forbidden('users.manage')
    }
    const login = read.fields.login
    if (login !== undefined && login !== target.login && !mayChangeLoginOf(actor, target)) {
      await this.operations.recordRefusal(origin, refusal)
      throw forbiddenOn(actor, 'users.manage')
    }

    return this.database.write(async unit => {
      const caller = await this.callerIn(unit, actor)
      const current = await store.findUser(unit, target.id)
      if (current === null) return { kind: 'notFound' }
      const newLogin = login !== undefined && login !== current.login
      if (!mayUpdateUser(caller, current) || (newLogin && !mayChangeLoginOf(caller, current))) {
        throw forbiddenOn(caller, 'users.manage')
      }
      if (edit.version !== undefined && edit.version !== current.version) {
        requireReadable(caller, current)
        return { kind: 'changedMeanwhile', user: current }
      }
      if (newLogin) beforeNewLogin()
      if (changesIntegration(current) && !hasPermission(caller, 'users.manage')) {
        throw forbidden('users.manage')
      }
      const merged = { ...current, ...read.fields, ...integration.fields }
      if (merged.externalId !== null && merged.externalId !== current.externalId) {
        const holders = await store.findUsersByExternalIds(unit, [merged.externalId])
        if (holders.length > 0) return { kind: 'externalIdTaken' }
      }
      if (newLogin) {
        const holders = await store.findUsersByLoginKeys(unit, keysToFind(merged.login))
        if (holders.some(({ id }) => id !== current.id)) return { kind: 'loginTaken' }
      }
      const { loginKey, takenLoginKey } = current
      const newMailbox = newLogin && loginKeyOf(merged.login) !== loginKeyOf(current.login)
      const user: UserEntity = {
        ...merged,
        ...derivedColumnsOf(merged),
        // Without a new login the keys stay, because another user may have the key of this login.
        ...(newLogin ? {} : { loginKey, takenLoginKey }),
        // Another spelling is still the same mailbox.
        loginVerifiedAt: newMailbox ? null : current.loginVerifiedAt,
        ...(newMailbox && {
          loginChangedAt: new Date(),
          formerLogin: formerLoginAfter(current, merged.login),
        }),
        version: current.version + 1,
        updatedAt: new Date(),
      }
      await store.updateUser(unit, user.id, user)
      // The links are in the mailbox of the former login.
      if (newLogin) {
        await this.links.endAll(unit, [user.id])
        if (newMailbox) await this.notifyFormerLogin(unit, current, caller, origin)
        if (user.loginKey !== current.loginKey) await store.passLoginKeyOn(unit, current.loginKey)
      }
      const changes = namesChangedBetween(current, user, [...profileNames, ...integrationNames])
      await this.operations.record(unit, origin, {
        action: 'UPDATE_USER',
        outcome: 'DONE',
        actorId: actor.id,
        subjectId: user.id,
        changes,
      })
      return { kind: 'updated', user: shownAfter(caller, user, changes.length > 0) }
    })
  }

  private async notifyFormerLogin(
    unit: WritingUnitOfWork,
    user: UserEntity,
    caller: Caller,
    { ip, userAgent }: RequestOrigin,
  ): Promise<void> {
    // An invited user never signed in, so they cannot lose an account that they use.
    if (user.status === 'INVITED') return
    // Otherwise a login that is changed back and forth could send any number of mails to a mailbox.
    if ((await this.throttle.beginFormerLoginNotice(unit, user.loginKey)) !== null) return
    const notice = loginChangedMail({
      userId: user.id,
      firstName: user.firstName,
      at: new Date(),
      ip,
      userAgent,
      changedBy: caller.id === user.id ? null : fullNameOf(caller),
      url: this.publicUrl.origin,
    })
    await this.mail.send(unit, user, notice)
  }

  /** Adds users that are already validated. */
  async add(unit: WritingUnitOfWork, users: readonly NewUser[]): Promise<UserEntity[]> {
    const now = new Date()
    const rows = users.map((user): UserEntity => {
      const createdAt = user.createdAt ?? now
      return {
        id: uuidv7(),
        login: user.login,
        firstName: user.firstName,
        lastName: user.lastName,
        phone: user.phone,
        externalId: user.externalId ?? null,
        metadata: user.metadata ?? null,
        language: user.language,
        role: user.role,
        grantedPermissions: [...(user.grantedPermissions ?? [])],
        withdrawnPermissions: [...(user.withdrawnPermissions ?? [])],
        status: user.status,
        passwordHash: user.passwordHash,
        passwordChangedAt:
          user.passwordHash === null ? null : (user.passwordChangedAt ?? createdAt),
        mustChangePassword: false,
        passwordExpiresAt: null,
        passwordTemporary: false,
        passwordRemindedAt: null,
        loginVerifiedAt: user.loginVerifiedAt ?? null,
        loginChangedAt: null,
        formerLogin: null,
        lastSignInAt: user.lastSignInAt ?? null,
        notificationsSeenAt: null,
        version: 1,
        createdAt,
        updatedAt: createdAt,
        ...derivedColumnsOf(user),
      }
    })
    await store.insertUsers(unit, rows)
    return rows
  }

  /**
   * Replaces a user's password. The caller has judged the new one and remembers the old hash.
   *
   * @returns the updated user.
   */
  async replacePassword(
    unit: WritingUnitOfWork,
    user: UserEntity,
    password: PasswordToStore,
  ): Promise<UserEntity> {
    const columns = { ...passwordColumnsOf(user, password), updatedAt: new Date() }
    await store.updateUser(unit, user.id, columns)
    return { ...user, ...columns }
  }

  /**
   * Removes a user's password, so that nobody can sign in to the account until the user has a new
   * one. Returns the user as {@link changeAccess} does.
   */
  async removePassword(unit: WritingUnitOfWork, user: UserEntity): Promise<UserEntity> {
    // The new time ends everything that is bound to the former password, such as a sign-in that is
    // being verified or the token of a known browser.
    const columns = { passwordHash: null, passwordChangedAt: timeOfChange(user) }
    const [changed] = await this.change(unit, [user], columns)
    return changed ?? user
  }

  /**
   * Makes an invited user active, with a password.
   *
   * @param signsIn whether the user signs in with this activation.
   * @returns the updated user.
   */
  async activate(
    unit: WritingUnitOfWork,
    user: UserEntity,
    password: PasswordToStore,
    signsIn: boolean,
  ): Promise<UserEntity> {
    const columns = {
      status: 'ACTIVE' as const,
      ...passwordColumnsOf(user, password),
      ...(signsIn && { lastSignInAt: new Date() }),
    }
    const [active] = await this.change(unit, [user], columns)
    return active ?? user
  }

  /** Gives users another status. Returns the users as {@link changeAccess} does. */
  changeStatus(
    unit: WritingUnitOfWork,
    users: readonly UserEntity[],
    status: UserStatus,
  ): Promise<UserEntity[]> {
    return this.change(unit, users, { status })
  }

  /** Requires users to choose a new password. Returns the users as {@link changeAccess} does. */
  requirePasswordChange(
    unit: WritingUnitOfWork,
    users: readonly UserEntity[],
  ): Promise<UserEntity[]> {
    return this.change(unit, users, { mustChangePassword: true })
  }

  /** Makes passwords that someone else set stop working. Returns the users as {@link changeAccess} does. */
  expirePasswords(unit: WritingUnitOfWork, users: readonly UserEntity[]): Promise<UserEntity[]> {
    return this.change(unit, users, { passwordExpiresAt: new Date() })
  }

  /**
   * No longer requires users to choose a new password. Returns the users as {@link changeAccess} does.
   */
  withdrawPasswordChange(
    unit: WritingUnitOfWork,
    users: readonly UserEntity[],
  ): Promise<UserEntity[]> {
    return this.change(unit, users, { mustChangePassword: false })
  }

  /**
   * Gives users another role, and other permissions if they are given.
   *
   * @returns the updated users, in the given order.
   */
  changeAccess(
    unit: WritingUnitOfWork,
    users: readonly UserEntity[],
    access: Pick<Access, 'role'> & Partial<Access>,
  ): Promise<UserEntity[]> {
    const { role, grantedPermissions, withdrawnPermissions } = access
    return this.change(unit, users, {
      role,
      ...(grantedPermissions && { grantedPermissions: [...grantedPermissions] }),
      ...(withdrawnPermissions && { withdrawnPermissions: [...withdrawnPermissions] }),
    })
  }

  /**
   * Deletes a user with all their personal data. The operation list keeps what they did and what was
   * done to them, only by their id.
   */
  async erase(unit: WritingUnitOfWork, user: UserEntity): Promise<void> {
    await this.mail.discard(unit, user.login, [loginChangedReference(user.id)])
    await this.throttle.erase(unit, { id: user.id, login: user.loginKey })
    await this.remove(unit, user)
  }

  /** Deletes a user with their sessions, links and earlier passwords. */
  async remove(unit: WritingUnitOfWork, { id, loginKey }: UserEntity): Promise<void> {
    await store.deleteUser(unit, id)
    await store.passLoginKeyOn(unit, loginKey)
  }

  /** Saves a new hash of the same password, with a higher cost. */
  async rehashPassword(unit: WritingUnitOfWork, id: string, passwordHash: string): Promise<void> {
    await store.updateUser(unit, id, { passwordHash })
  }

  /**
   * Records that a user has just signed in.
   *
   * @returns false if they can no longer sign in: their password has changed since the given user
   * was read, or they are not active.
   */
  noteSignIn(unit: WritingUnitOfWork, user: UserEntity, at: Date): Promise<boolean> {
    return store.updateSignedIn(unit, user, at)
  }

  /** Records up to when a user has seen their notifications. It is no edit of the profile. */
  async noteNotificationsSeen(unit: WritingUnitOfWork, id: string, until: Date): Promise<void> {
    await store.updateUser(unit, id, { notificationsSeenAt: until })
  }

  /** Changes the same columns of several users, and counts an edit of each. */
  private async change(
    unit: WritingUnitOfWork,
    users: readonly UserEntity[],
    columns: Partial<UserEntity>,
  ): Promise<UserEntity[]> {
    const changed = { ...columns, updatedAt: new Date() }
    const ids = users.map(user => user.id)
    await store.updateUsers(unit, ids, changed)
    return users.map(user => ({ ...user, ...changed, version: user.version + 1 }))
  }

  /** The active and invited users without a phone number: how many, and the first ones by name. */
  async withoutPhone(first: number): Promise<{ count: number; users: UserEntity[] }> {
    return this.database.read(unit => store.listWithoutPhone(unit, first))
  }
}
