import { In } from 'typeorm'
import { insertMany } from '../database/insert-many.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { UserEntity } from './user.entity.js'
import { loginKeyOf } from './user-keys.js'

/** The user with this id, or null. */
export const findUser = (unit: UnitOfWork, id: string): Promise<UserEntity | null> =>
  unit.rows(UserEntity).findOneBy({ id })

/** The users with these ids, in no order. */
export const findUsers = (unit: UnitOfWork, ids: readonly string[]): Promise<UserEntity[]> =>
  unit.rows(UserEntity).findBy({ id: In([...ids]) })

/** The user with this login, without regard to case, or null. */
export const findUserByLogin = (unit: UnitOfWork, login: string): Promise<UserEntity | null> =>
  unit.rows(UserEntity).findOneBy({ loginKey: loginKeyOf(login) })

/** The users with these logins, without regard to case, in no order. */
export const findUsersByLogins = (
  unit: UnitOfWork,
  logins: readonly string[],
): Promise<UserEntity[]> => unit.rows(UserEntity).findBy({ loginKey: In(logins.map(loginKeyOf)) })

/** How many owners are active. */
export const countActiveOwners = (unit: UnitOfWork): Promise<number> =>
  unit.rows(UserEntity).countBy({ role: 'OWNER', status: 'ACTIVE' })

/** True when there is any user at all. */
export const hasUsers = (unit: UnitOfWork): Promise<boolean> => unit.rows(UserEntity).exists()

/** Adds users. */
export const insertUsers = (unit: WritingUnitOfWork, users: readonly UserEntity[]): Promise<void> =>
  insertMany(unit.rows(UserEntity), users)

/** Changes columns of one user. */
export const updateUser = async (
  unit: WritingUnitOfWork,
  id: string,
  columns: Partial<UserEntity>,
): Promise<void> => {
  await unit.rows(UserEntity).update({ id }, columns)
}

/** Changes the same columns of some users, and counts it as an edit of each. */
export const updateUsers = async (
  unit: WritingUnitOfWork,
  ids: readonly string[],
  columns: Partial<UserEntity>,
): Promise<void> => {
  if (ids.length === 0) return
  await unit
    .rows(UserEntity)
    .update({ id: In([...ids]) }, { ...columns, version: () => 'version + 1' })
}

/** Removes one user; what belongs to them goes by the keys of the tables. */
export const deleteUser = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(UserEntity).delete({ id })
}

/** Notes a sign-in with the password of the user given; false when it no longer holds. */
export const updateSignedIn = async (
  unit: WritingUnitOfWork,
  { id, passwordChangedAt }: UserEntity,
  lastSignInAt: Date,
): Promise<boolean> => {
  if (passwordChangedAt === null) return false
  // Not by the hash: see `isSamePassword`.
  const { affected } = await unit
    .rows(UserEntity)
    .update({ id, passwordChangedAt, status: 'ACTIVE' }, { lastSignInAt })
  return (affected ?? 0) > 0
}

/** Users without a phone number, blocked ones aside: how many, and the first by name. */
export const listWithoutPhone = async (
  unit: UnitOfWork,
  limit: number,
): Promise<{ count: number; users: UserEntity[] }> => {
  // As the index users_by_phone has it.
  const lacking = unit
    .rows(UserEntity)
    .createQueryBuilder('users')
    .where("COALESCE(users.phone, '') = '' AND users.status <> 'BLOCKED'")
  const count = await lacking.getCount()
  const users = await lacking.orderBy('users.nameKey').addOrderBy('users.id').limit(limit).getMany()
  return { count, users }
}
