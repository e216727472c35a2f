import SQL from 'sql-template-tag'
import { type FindOptionsWhere, In, IsNull, MoreThan } from 'typeorm'
import { idStretch } from '../database/id-stretch.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { TrustedDeviceEntity } from './trusted-device.entity.js'

/** Selects the devices that a user still trusts. */
export interface TrustedBy {
  readonly userId: string
  readonly passwordChangedAt: Date | null
  /** Only devices that were trusted after this time. */
  readonly since: Date
}

const trusted = ({
  userId,
  passwordChangedAt,
  since,
}: TrustedBy): FindOptionsWhere<TrustedDeviceEntity> => ({
  userId,
  passwordChangedAt: passwordChangedAt ?? IsNull(),
  createdAt: MoreThan(since),
  expiresAt: MoreThan(new Date()),
})

/** The device with this token if it is trusted; else null. */
export const findTrusted = (
  unit: UnitOfWork,
  by: TrustedBy,
  tokenHash: string,
): Promise<TrustedDeviceEntity | null> =>
  unit.rows(TrustedDeviceEntity).findOneBy({ ...trusted(by), tokenHash })

/** A stretch of the trusted devices, ordered by id. */
export const listTrusted = (
  unit: UnitOfWork,
  by: TrustedBy,
  stretch: Stretch<string>,
): Promise<TrustedDeviceEntity[]> => {
  const { ids, page } = idStretch(stretch)
  return unit.rows(TrustedDeviceEntity).find({ where: { ...trusted(by), ...ids }, ...page })
}

/** The trusted devices with these ids, in no order. */
export const findAllTrusted = (
  unit: UnitOfWork,
  by: TrustedBy,
  ids: readonly string[],
): Promise<TrustedDeviceEntity[]> =>
  unit.rows(TrustedDeviceEntity).findBy({ ...trusted(by), id: In([...ids]) })

/** All stored devices of a user, oldest first. */
export const listDevicesOf = (unit: UnitOfWork, userId: string): Promise<TrustedDeviceEntity[]> =>
  unit.rows(TrustedDeviceEntity).find({ where: { userId }, order: { id: 'ASC' } })

/** The number of trusted devices. */
export const countTrusted = (unit: UnitOfWork, by: TrustedBy): Promise<number> =>
  unit.rows(TrustedDeviceEntity).countBy(trusted(by))

/** Which of these users have a device, trusted still or not. */
export const listUsersWithDevice = async (
  unit: UnitOfWork,
  userIds: readonly string[],
): Promise<string[]> => {
  const devices = await unit
    .rows(TrustedDeviceEntity)
    .find({ select: { userId: true }, where: { userId: In([...userIds]) } })
  return devices.map(({ userId }) => userId)
}

/** Saves a device. */
export const insertDevice = async (
  unit: WritingUnitOfWork,
  device: TrustedDeviceEntity,
): Promise<void> => {
  await unit.rows(TrustedDeviceEntity).insert(device)
}

/** Records that a device was used. */
export const touchDevice = async (
  unit: WritingUnitOfWork,
  id: string,
  lastUsedAt: Date,
): Promise<void> => {
  await unit.rows(TrustedDeviceEntity).update({ id }, { lastUsedAt })
}

/** Deletes a device of a user; false if the user has no device with this id. */
export const deleteDevice = async (
  unit: WritingUnitOfWork,
  userId: string,
  id: string,
): Promise<boolean> => {
  const { affected } = await unit.rows(TrustedDeviceEntity).delete({ userId, id })
  return (affected ?? 0) > 0
}

/** Deletes all devices of these users. */
export const deleteDevicesOf = async (
  unit: WritingUnitOfWork,
  userIds: readonly string[],
): Promise<void> => {
  await unit.rows(TrustedDeviceEntity).delete({ userId: In(userIds) })
}

/** Deletes all except the newest devices of a user. */
export const keepNewest = async (
  unit: WritingUnitOfWork,
  userId: string,
  limit: number,
): Promise<void> => {
  await unit.query(SQL`DELETE FROM trusted_devices WHERE user_id = ${userId} AND id NOT IN
    (SELECT id FROM trusted_devices WHERE user_id = ${userId} ORDER BY id DESC LIMIT ${limit})`)
}

/** Deletes expired devices. */
export const deleteExpired = async (unit: WritingUnitOfWork, now: Date): Promise<void> => {
  await unit.query(SQL`DELETE FROM trusted_devices WHERE expires_at <= ${now.getTime()}`)
}
