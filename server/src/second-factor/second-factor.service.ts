import { type AccessRefusal, refusalToResetSecondFactor } from '@rekey/shared/access'
import { uuidv7 } from 'uuidv7'
import type { AccessGuard } from '../access/access-guard.service.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { OperationAction } from '../operations/operation.entity.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf, type OperationChange } from '../operations/operation-change.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import {
  type SecondFactorMethod,
  type SecuritySettings,
  secondFactorDueOf,
} from '../settings/security-settings.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { TrustedDeviceService } from '../trusted-devices/trusted-device.service.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { fullNameOf } from '../users/user-keys.js'
import type { SecondFactorEntity } from './second-factor.entity.js'
import * as store from './second-factor.store.js'
import { type SecondFactorEvent, secondFactorMail } from './second-factor-changed.mail.js'
import { recoveryCodeOf } from './second-factor-verifier.js'
import { newRecoveryCode, readRecoveryCode, recoveryCodeCount } from './typed-codes.js'

/** The result of a change to a second factor. */
export type SecondFactorChange =
  | { readonly kind: 'changed'; readonly factor: SecondFactorEntity }
  | { readonly kind: 'invalidName' | 'notFound' | 'required' }

/** The result of a reset. */
export type SecondFactorReset =
  | { readonly kind: 'reset'; readonly user: UserEntity }
  | { readonly kind: 'userNotFound' }
  | { readonly kind: 'accessDenied'; readonly reason: AccessRefusal }

const maxNameLength = 60

/** Normalizes the name of a second factor. Null if it is invalid. */
export const readFactorName = (written: string): string | null => {
  const name = written.normalize('NFC').trim()
  const fits = name !== '' && [...name].length <= maxNameLength && !/[\p{C}]/u.test(name)
  return fits ? name : null
}

/** Lists, changes and removes the second factors of users. */
export class SecondFactorService {
  constructor(
    private readonly database: Database,
    private readonly guard: AccessGuard,
    private readonly users: UserService,
    private readonly settings: SettingsService,
    private readonly trustedDevices: TrustedDeviceService,
    private readonly operations: OperationService,
    private readonly mail: MailService,
    private readonly box: SecretBox,
    private readonly place: { readonly publicUrl: URL; readonly smsAvailable: boolean },
  ) {}

  /** The methods that users can enrol now, and that count as a second factor. */
  enrollable(settings: SecuritySettings): readonly SecondFactorMethod[] {
    if (settings.secondFactor === 'OFF') return []
    const { smsAvailable } = this.place
    return settings.secondFactorMethods.filter(method => method !== 'SMS' || smsAvailable)
  }

  /** Counts the users with a second factor after an id, at most `limit` of them. */
  countActiveOwnersIn(unit: UnitOfWork, after: string, limit: number): Promise<store.OwnersPart> {
    return store.countActiveOwners(unit, after, limit)
  }

  /** The second factors of these users. */
  async listOf(userIds: readonly string[]): Promise<Map<string, SecondFactorEntity[]>> {
    const factors = await this.database.read(unit => store.listFactorsOf(unit, userIds))
    return new Map(userIds.map(id => [id, factors.filter(factor => factor.userId === id)]))
  }

  /** The second factors of a user. */
  listIn(unit: UnitOfWork, userId: string): Promise<SecondFactorEntity[]> {
    return store.listFactors(unit, userId)
  }

  /** All stored data about a user's second step, including secrets. */
  listAllOf(userId: string): ReturnType<typeof store.listAllOf> {
    return this.database.read(unit => store.listAllOf(unit, userId))
  }

  /** The number of a user's unused recovery codes. */
  countRecoveryCodes(userId: string): Promise<number> {
    return this.database.read(unit => store.countRecoveryCodes(unit, userId))
  }

  /** As {@link countRecoveryCodes}, within a unit of work. */
  countRecoveryCodesIn(unit: UnitOfWork, userId: string): Promise<number> {
    return store.countRecoveryCodes(unit, userId)
  }

  /** The passkey with this credential id (WebAuthn), or null. */
  findPasskey(unit: UnitOfWork, credentialId: string): Promise<SecondFactorEntity | null> {
    return store.findPasskey(unit, credentialId)
  }

  /** Records that a passkey was used, with the signature counter it sent. */
  async recordPasskeyUse(unit: WritingUnitOfWork, id: string, signCount: number): Promise<void> {
    await store.updateFactor(unit, id, { signCount, lastUsedAt: new Date() })
  }

  /** True if a user must show a second factor in addition to the password. */
  mustProve(user: UserEntity): Promise<boolean> {
    return this.database.read(unit => this.mustProveIn(unit, user))
  }

  /** As {@link mustProve}, within a unit of work. */
  async mustProveIn(unit: UnitOfWork, user: UserEntity): Promise<boolean> {
    const { secondFactor } = await this.settings.readIn(unit)
    return secondFactor !== 'OFF' && (await store.listFactors(unit, user.id)).length > 0
  }

  /**
   * When a user with these second factors must enrol one before anything else: not at all, at once,
   * or from an instant on.
   */
  async enrolmentDue(factors: readonly SecondFactorEntity[]): Promise<'never' | 'now' | Date> {
    const settings = await this.settings.read()
    return this.countsIn(settings, factors) ? 'never' : secondFactorDueOf(settings)
  }

  /** True if a user with these second factors must enrol one before anything else. */
  async lacksRequired(factors: readonly SecondFactorEntity[]): Promise<boolean> {
    return (await this.enrolmentDue(factors)) === 'now'
  }

  /** True if a user must enrol a second factor before anything else. */
  async mustEnrol(user: UserEntity): Promise<boolean> {
    if (secondFactorDueOf(await this.settings.read()) !== 'now') return false
    return this.lacksRequired(await this.database.read(unit => store.listFactors(unit, user.id)))
  }

  /** As {@link mustEnrol}, within a unit of work. */
  async mustEnrolIn(unit: UnitOfWork, user: UserEntity): Promise<boolean> {
    if (secondFactorDueOf(await this.settings.readIn(unit)) !== 'now') return false
    return this.lacksRequired(await store.listFactors(unit, user.id))
  }

  /** Which of these users have an unfinished sign-in or enrolment. */
  listPendingAmong(unit: UnitOfWork, userIds: readonly string[]): Promise<string[]> {
    return store.listPendingAmong(unit, userIds)
  }

  /** Renames one of the caller's own second factors. @throws as {@link UserService.callerIn}. */
  rename(
    user: Caller,
    id: string,
    written: string,
    origin: RequestOrigin,
  ): Promise<SecondFactorChange> {
    return this.database.write(async (unit): Promise<SecondFactorChange> => {
      await this.users.callerIn(unit, user)
      const factor = await this.own(unit, user, id)
      if (factor === undefined) return { kind: 'notFound' }
      const name = readFactorName(written)
      if (name === null) return { kind: 'invalidName' }
      await store.updateFactor(unit, id, { name })
      const { method } = factor
      const changes = [changeOf('method', method, method)]
      await this.record(unit, 'RENAME_SECOND_FACTOR', user, user, origin, changes)
      return { kind: 'changed', factor: { ...factor, name } }
    })
  }

  /**
   * Removes one of the caller's own second factors. If the account requires a second factor,
   * the last one that counts cannot be removed. Removing the very last one also removes the
   * recovery codes and trusted devices.
   *
   * @throws as {@link UserService.callerIn}.
   */
  remove(user: Caller, id: string, origin: RequestOrigin): Promise<SecondFactorChange> {
    return this.database.write(async (unit): Promise<SecondFactorChange> => {
      await this.users.callerIn(unit, user)
      const factors = await store.listFactors(unit, user.id)
      const factor = factors.find(own => own.id === id)
      if (factor === undefined) return { kind: 'notFound' }
      const left = factors.filter(own => own.id !== id)
      const settings = await this.settings.readIn(unit)
      const lost = this.countsIn(settings, factors) && !this.countsIn(settings, left)
      if (lost && secondFactorDueOf(settings) === 'now') return { kind: 'required' }
      if (left.length > 0) await store.deleteFactor(unit, id)
      else await this.forgetAll(unit, user.id)
      const changes = [changeOf('method', factor.method, null)]
      await this.record(unit, 'REMOVE_SECOND_FACTOR', user, user, origin, changes)
      await this.notify(unit, user, { kind: 'removed', name: factor.name }, origin)
      return { kind: 'changed', factor }
    })
  }

  /**
   * Replaces the caller's recovery codes. Returns the new codes, or null if the caller has no
   * second factor.
   *
   * @throws as {@link UserService.callerIn}.
   */
  async regenerateRecoveryCodes(
    user: Caller,
    origin: RequestOrigin,
  ): Promise<readonly string[] | null> {
    return this.database.write(async unit => {
      await this.users.callerIn(unit, user)
      if ((await store.listFactors(unit, user.id)).length === 0) return null
      const codes = await this.issueRecoveryCodes(unit, user.id)
      await this.record(unit, 'REGENERATE_RECOVERY_CODES', user, user, origin)
      await this.notify(unit, user, { kind: 'codesRegenerated' }, origin)
      return codes
    })
  }

  /** Replaces a user's recovery codes, and returns the new ones. Only keyed hashes are stored. */
  async issueRecoveryCodes(unit: WritingUnitOfWork, userId: string): Promise<string[]> {
    const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode)
    const rows = codes.map(async code => ({
      id: uuidv7(),
      userId,
      codeHash: await this.box.sign(readRecoveryCode(code) ?? code, recoveryCodeOf(userId)),
      usedAt: null,
    }))
    await store.replaceRecoveryCodes(unit, userId, await Promise.all(rows))
    return codes
  }

  /**
   * Removes everything that a user could answer a second step with, for users who lost it.
   *
   * @throws as {@link AccessGuard.write}.
   */
  reset(actor: Caller, userId: string, origin: RequestOrigin): Promise<SecondFactorReset> {
    const action = 'RESET_SECOND_FACTOR'
    const permission = 'users.manage'
    const call = { permission, action, actor, subjectId: userId, origin } as const
    return this.guard.write(call, async (unit, caller): Promise<SecondFactorReset> => {
      const user = await this.users.findIn(unit, userId)
      if (user === null) return { kind: 'userNotFound' }
      const reason = refusalToResetSecondFactor(caller, user)
      if (reason !== null) {
        await this.operations.record(unit, origin, {
          action,
          outcome: 'REFUSED',
          reason,
          actorId: caller.id,
          subjectId: user.id,
        })
        return { kind: 'accessDenied', reason }
      }
      await this.resetIn(unit, user, caller, origin)
      return { kind: 'reset', user }
    })
  }

  /**
   * As {@link reset}, in a transaction, without a permission check.
   *
   * @param actor the user who does it; null for the operator of the server.
   */
  async resetIn(
    unit: WritingUnitOfWork,
    user: UserEntity,
    actor: UserEntity | null,
    origin: RequestOrigin,
  ): Promise<void> {
    await this.forgetAll(unit, user.id)
    await this.record(unit, 'RESET_SECOND_FACTOR', actor, user, origin)
    await this.notify(unit, user, { kind: 'reset', by: actor && fullNameOf(actor) }, origin)
  }

  /** Ends unfinished sign-ins and enrolments of these users, and the trust in their browsers. */
  async endPending(unit: WritingUnitOfWork, userIds: readonly string[]): Promise<void> {
    await store.deletePendingOf(unit, userIds)
    await this.trustedDevices.forgetAll(unit, userIds)
  }

  /** Notifies a user by mail of a change of their second factors. */
  notify(
    unit: WritingUnitOfWork,
    user: UserEntity,
    event: SecondFactorEvent,
    origin: RequestOrigin,
  ): Promise<void> {
    const { firstName } = user
    const { ip, userAgent } = origin
    const url = this.place.publicUrl.origin
    const notice = { firstName, event, at: new Date(), ip, userAgent, url }
    return this.mail.send(unit, user, secondFactorMail(notice))
  }

  /** Deletes expired challenges, enrolments and trusted devices. */
  async sweep(): Promise<void> {
    await this.database.write(unit => store.deleteExpired(unit, new Date()))
    await this.trustedDevices.sweep()
  }

  private countsIn(settings: SecuritySettings, factors: readonly SecondFactorEntity[]): boolean {
    const enrollable = this.enrollable(settings)
    return factors.some(factor => enrollable.includes(factor.method))
  }

  private async own(
    unit: UnitOfWork,
    user: UserEntity,
    id: string,
  ): Promise<SecondFactorEntity | undefined> {
    return (await store.listFactors(unit, user.id)).find(factor => factor.id === id)
  }

  private async forgetAll(unit: WritingUnitOfWork, userId: string): Promise<void> {
    await store.deleteFactorsOf(unit, userId)
    await this.endPending(unit, [userId])
  }

  private record(
    unit: WritingUnitOfWork,
    action: OperationAction,
    actor: UserEntity | null,
    user: UserEntity,
    origin: RequestOrigin,
    changes: readonly OperationChange[] = [],
  ): Promise<void> {
    return this.operations.record(unit, origin, {
      action,
      outcome: 'DONE',
      actorId: actor?.id ?? null,
      subjectId: user.id,
      changes,
    })
  }
}
