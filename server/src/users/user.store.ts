import type { UserStatus } from '@rekey/shared/access'
import SQL from 'sql-template-tag'
import { In, IsNull, Not } from 'typeorm'
import { insertMany } from '../database/insert-many.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { UserEntity } from './user.entity.js'
import { keysToFind } from './user-keys.js'

/** The user with this id, or null. */
export const findUser = (unit: UnitOfWork, id: string): Promise<UserEntity | null> =>
  unit.rows(UserEntity).findOneBy({ id })

/** The users with these ids, in no order. */
export const findUsers = (unit: UnitOfWork, ids: readonly string[]): Promise<UserEntity[]> =>
  unit.rows(UserEntity).findBy({ id: In([...ids]) })

/**
 * The user with this login in any spelling, or null. If two users share the mailbox, the one with
 * this spelling.
 */
export const findUserByLogin = async (
  unit: UnitOfWork,
  login: string,
): Promise<UserEntity | null> => {
  const keys = keysToFind(login)
  const found = await unit.rows(UserEntity).findBy({ loginKey: In(keys) })
  return found.find(user => user.loginKey === keys[0]) ?? found[0] ?? null
}

/** The users with these external ids, in no order. */
export const findUsersByExternalIds = (
  unit: UnitOfWork,
  externalIds: readonly string[],
): Promise<UserEntity[]> => unit.rows(UserEntity).findBy({ externalId: In([...externalIds]) })

/** The users with these keys of logins, in no order. */
export const findUsersByLoginKeys = (
  unit: UnitOfWork,
  loginKeys: readonly string[],
): Promise<UserEntity[]> => unit.rows(UserEntity).findBy({ loginKey: In([...loginKeys]) })

/** The users whose login has a key that another user has, in the order of the keys. */
export const listWithTakenKey = (unit: UnitOfWork, limit: number): Promise<UserEntity[]> =>
  unit.rows(UserEntity).find({
    where: { takenLoginKey: Not(IsNull()) },
    order: { takenLoginKey: 'ASC', id: 'ASC' },
    take: limit,
  })

/** How many users {@link listWithTakenKey} would return without a limit. */
export const countWithTakenKey = (unit: UnitOfWork): Promise<number> =>
  unit.rows(UserEntity).countBy({ takenLoginKey: Not(IsNull()) })

/** Gives a key that is no longer in use to the first user whose login has it, if there is one. */
export const passLoginKeyOn = async (unit: WritingUnitOfWork, loginKey: string): Promise<void> => {
  const heir = await unit
    .rows(UserEntity)
    .findOne({ where: { takenLoginKey: loginKey }, order: { id: 'ASC' } })
  if (heir === null) return
  await unit.rows(UserEntity).update({ id: heir.id }, { loginKey, takenLoginKey: null })
}

/** How many owners are active. */
export const countActiveOwners = (unit: UnitOfWork): Promise<number> =>
  unit.rows(UserEntity).countBy({ role: 'OWNER', status: 'ACTIVE' })

/** How many users have each status: a sum of counts that the database keeps. */
export const countByStatus = async (unit: UnitOfWork): Promise<Record<UserStatus, number>> => {
  const rows = await unit.query<{ status: UserStatus; count: number | string }>(
    SQL`SELECT status, SUM(count) AS count FROM user_counts GROUP BY status`,
  )
  const counts = Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]))
  return { INVITED: 0, ACTIVE: 0, BLOCKED: 0, ...counts }
}

/** How many users must choose a new password; stops at the maximum. */
export const countRequiredChanges = async (unit: UnitOfWork, max: number): Promise<number> => {
  const along = unit.engine === 'sqlite' ? SQL`INDEXED BY users_by_required_change` : SQL``
  const [row] = await unit.query<{ count: number | string }>(SQL`SELECT COUNT(*) AS count
    FROM (SELECT 1 FROM users ${along} WHERE must_change_password LIMIT ${max}) AS counted`)
  return Number(row?.count ?? 0)
}

/**
 * The users whose password is the oldest, oldest first. Without users who cannot sign in or must
 * change their password anyway.
 */
export const listOldestPasswords = async (
  unit: UnitOfWork,
  limit: number,
): Promise<UserEntity[]> => {
  // The condition of the index users_by_password_age.
  const places = await unit.query<{ id: string }>(SQL`SELECT id FROM users
    WHERE status = 'ACTIVE' AND NOT must_change_password AND password_changed_at IS NOT NULL
    ORDER BY password_changed_at, id LIMIT ${limit}`)
  const users = new Map(
    (
      await findUsers(
        unit,
        places.map(({ id }) => id),
      )
    ).map(user => [user.id, user]),
  )
  return places.flatMap(({ id }) => users.get(id) ?? [])
}

/** Whether there is any user. */
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

/** Changes the same columns of several users, and counts an edit of each. */
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

/** Deletes one user. Foreign keys delete the rows that belong to them. */
export const deleteUser = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(UserEntity).delete({ id })
}

/** Records a sign-in with the given user's password; false if that password is no longer current. */
export const updateSignedIn = async (
  unit: WritingUnitOfWork,
  { id, passwordChangedAt }: UserEntity,
  lastSignInAt: Date,
): Promise<boolean> => {
  if (passwordChangedAt === null) return false
  // Does not compare hashes: see `isSamePassword`.
  const { affected } = await unit
    .rows(UserEntity)
    .update({ id, passwordChangedAt, status: 'ACTIVE' }, { lastSignInAt })
  return (affected ?? 0) > 0
}

/** The users without a phone number, except blocked ones: how many, and the first ones by name. */
export const listWithoutPhone = async (
  unit: UnitOfWork,
  limit: number,
): Promise<{ count: number; users: UserEntity[] }> => {
  // The condition of the index users_by_phone.
  const lacking = unit
    .rows(UserEntity)
    .createQueryBuilder('users')
    .where("COALESCE(users.phone, '') = '' AND users.status <> 'BLOCKED'")
  const count = await lacking.getCount()
  const users = await lacking.orderBy('users.nameKey').addOrderBy('users.id').limit(limit).getMany()
  return { count, users }
}
