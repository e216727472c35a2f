import { uuidv7 } from 'uuidv7'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { type CountedPage, type PageArguments, readPageById } from '../graphql/keyset-page.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import { hashToken, newToken } from '../sessions/session-token.js'
import type { TrustedDevicePeriod } from '../settings/security-settings.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import type { TrustedDeviceEntity } from './trusted-device.entity.js'
import * as store from './trusted-device.store.js'

/** The data of a user that their trusted devices depend on. */
type DeviceOwner = Pick<UserEntity, 'id' | 'passwordChangedAt'>

const day = 24 * 60 * 60 * 1000

const periodMs: Record<TrustedDevicePeriod, number> = {
  NEVER: 0,
  DAY: day,
  WEEK: 7 * day,
  MONTH: 30 * day,
}

/**
 * The maximum number of trusted devices of a user. The oldest is removed to make room for a new
 * one.
 */
const maxPerUser = 20

/**
 * Manages browsers that need no second step at sign-in for a while. The trust ends if the
 * password changes, no matter who changes it. It also ends as soon as the account's setting
 * allows only a shorter time.
 */
export class TrustedDeviceService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly settings: SettingsService,
    private readonly operations: OperationService,
  ) {}

  /**
   * True if the token belongs to a device that this user trusts. Records the use.
   *
   * @param period how long the account trusts devices now.
   */
  async recognize(
    unit: WritingUnitOfWork,
    user: UserEntity,
    token: string | undefined,
    period: TrustedDevicePeriod,
  ): Promise<boolean> {
    if (token === undefined) return false
    const device = await store.findTrusted(unit, trustedBy(user, period), hashToken(token))
    if (device === null) return false
    await store.touchDevice(unit, device.id, new Date())
    return true
  }

  /**
   * Trusts the device that a request comes from.
   *
   * @returns the device's token; null if the account does not allow trusted devices.
   */
  async trust(
    unit: WritingUnitOfWork,
    user: UserEntity,
    origin: RequestOrigin,
  ): Promise<string | null> {
    const { trustedDevices } = await this.settings.readIn(unit)
    if (trustedDevices === 'NEVER') return null
    const token = newToken()
    const now = new Date()
    await store.insertDevice(unit, {
      id: uuidv7(),
      userId: user.id,
      tokenHash: hashToken(token),
      passwordChangedAt: user.passwordChangedAt,
      userAgent: origin.userAgent,
      ip: origin.ip,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + periodMs[trustedDevices]),
    })
    await store.keepNewest(unit, user.id, maxPerUser)
    return token
  }

  /**
   * A page of a user's trusted devices, newest first.
   *
   * @throws BAD_USER_INPUT if the page arguments are invalid.
   */
  list(user: DeviceOwner, page: PageArguments): Promise<CountedPage<TrustedDeviceEntity>> {
    return readPageById(page, {
      descending: true,
      idOf: ({ id }) => id,
      read: stretch =>
        this.database.read(async unit =>
          store.listTrusted(unit, await this.trustedBy(unit, user), stretch),
        ),
      countAll: () =>
        this.database.read(async unit =>
          store.countTrusted(unit, await this.trustedBy(unit, user)),
        ),
    })
  }

  /** The trusted devices of a user with these ids. */
  findMany(user: DeviceOwner, ids: readonly string[]): Promise<TrustedDeviceEntity[]> {
    return this.database.read(async unit =>
      store.findAllTrusted(unit, await this.trustedBy(unit, user), ids),
    )
  }

  /** All stored devices of a user, even if no longer trusted, oldest first. */
  listAllOf(userId: string): Promise<TrustedDeviceEntity[]> {
    return this.database.read(unit => store.listDevicesOf(unit, userId))
  }

  /**
   * Stops trusting one of the caller's own devices. False if the caller has no device with this
   * id.
   *
   * @throws as {@link UserService.callerIn}.
   */
  revoke(user: Caller, id: string, origin: RequestOrigin): Promise<boolean> {
    return this.database.write(async unit => {
      await this.users.callerIn(unit, user)
      if (!(await store.deleteDevice(unit, user.id, id))) return false
      await this.operations.record(unit, origin, {
        action: 'REVOKE_TRUSTED_DEVICE',
        outcome: 'DONE',
        actorId: user.id,
        subjectId: user.id,
      })
      return true
    })
  }

  /**
   * Stops trusting all of the caller's own devices. Returns how many were trusted.
   *
   * @throws as {@link UserService.callerIn}.
   */
  revokeAll(user: Caller, origin: RequestOrigin): Promise<number> {
    return this.database.write(async unit => {
      await this.users.callerIn(unit, user)
      const count = await this.countIn(unit, user)
      await store.deleteDevicesOf(unit, [user.id])
      await this.operations.record(unit, origin, {
        action: 'REVOKE_ALL_TRUSTED_DEVICES',
        outcome: 'DONE',
        actorId: user.id,
        subjectId: user.id,
      })
      return count
    })
  }

  /** The number of devices that a user trusts now. */
  async countIn(unit: UnitOfWork, user: UserEntity): Promise<number> {
    return store.countTrusted(unit, await this.trustedBy(unit, user))
  }

  /** Which of these users have a device that {@link forgetAll} would delete. */
  listTrustingAmong(unit: UnitOfWork, userIds: readonly string[]): Promise<string[]> {
    return store.listUsersWithDevice(unit, userIds)
  }

  /**
   * Stops trusting all devices of these users, in the transaction of the change that requires
   * it.
   */
  forgetAll(unit: WritingUnitOfWork, userIds: readonly string[]): Promise<void> {
    return store.deleteDevicesOf(unit, userIds)
  }

  /** Deletes expired devices. */
  async sweep(): Promise<void> {
    await this.database.write(unit => store.deleteExpired(unit, new Date()))
  }

  private async trustedBy(unit: UnitOfWork, user: DeviceOwner): Promise<store.TrustedBy> {
    const { trustedDevices } = await this.settings.readIn(unit)
    return trustedBy(user, trustedDevices)
  }
}

const trustedBy = (user: DeviceOwner, period: TrustedDevicePeriod): store.TrustedBy => ({
  userId: user.id,
  passwordChangedAt: user.passwordChangedAt,
  since: new Date(Date.now() - periodMs[period]),
})
