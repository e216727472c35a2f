import type { Role, UserStatus } from '@rekey/shared/access'
import { Brackets, In, type SelectQueryBuilder } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { UserEntity } from './user.entity.js'
import { foldText, loginKeyOf } from './user-keys.js'

/** What a list of users may be narrowed to. */
export interface UserSelection {
  readonly search?: string
  readonly roles?: readonly Role[]
  readonly statuses?: readonly UserStatus[]
}

/** The orders in which users can be listed. */
export type UserOrderField = 'LOGIN' | 'NAME' | 'LAST_SIGN_IN'

const orderColumns = {
  LOGIN: { property: 'loginKey', keyOf: (user: UserEntity) => user.loginKey },
  NAME: { property: 'nameKey', keyOf: (user: UserEntity) => user.nameKey },
  LAST_SIGN_IN: {
    property: 'lastSignInAt',
    keyOf: (user: UserEntity) => user.lastSignInAt?.getTime() ?? 0,
  },
} as const satisfies Record<
  UserOrderField,
  { property: keyof UserEntity; keyOf: (user: UserEntity) => string | number }
>

/** A place in an ordered list: the value of the column it is ordered by, then the id. */
export interface UserPosition {
  readonly key: string | number
  readonly id: string
}

/** The place of a user in a list of that order. */
export const positionOf = (user: UserEntity, field: UserOrderField): UserPosition => ({
  key: orderColumns[field].keyOf(user),
  id: user.id,
})

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, character => `\\${character}`)

const select = (unit: UnitOfWork, selection: UserSelection): SelectQueryBuilder<UserEntity> => {
  const query = unit.rows(UserEntity).createQueryBuilder('user')
  const terms = foldText(selection.search ?? '')
    .split(/\s+/)
    .filter(term => term !== '')
  for (const [index, term] of terms.entries()) {
    query.andWhere(`user.searchText LIKE :term${index} ESCAPE '\\'`, {
      [`term${index}`]: `%${escapeLike(term)}%`,
    })
  }
  if (selection.roles?.length)
    query.andWhere('user.role IN (:...roles)', { roles: selection.roles })
  if (selection.statuses?.length) {
    query.andWhere('user.status IN (:...statuses)', { statuses: selection.statuses })
  }
  return query
}

/** How many users the selection has. */
export const countUsers = (unit: UnitOfWork, selection: UserSelection): Promise<number> =>
  select(unit, selection).getCount()

/** A stretch of the selection, in order. Walks an index; never counts rows off. */
export const listUsers = (
  unit: UnitOfWork,
  selection: UserSelection,
  field: UserOrderField,
  stretch: Stretch<UserPosition>,
): Promise<UserEntity[]> => {
  const column = `user.${orderColumns[field].property}`
  const query = select(unit, selection)
  const bound = (name: string, comparison: '<' | '>', place: UserPosition) =>
    query.andWhere(
      new Brackets(where =>
        where
          .where(`${column} ${comparison} :${name}Key`)
          .orWhere(`${column} = :${name}Key AND user.id ${comparison} :${name}Id`),
      ),
      { [`${name}Key`]: place.key, [`${name}Id`]: place.id },
    )
  if (stretch.above) bound('above', '>', stretch.above)
  if (stretch.below) bound('below', '<', stretch.below)
  const direction = stretch.descending ? 'DESC' : 'ASC'
  return query
    .orderBy(column, direction)
    .addOrderBy('user.id', direction)
    .limit(stretch.limit)
    .getMany()
}

/** The user with this id, or null. */
export const findUser = (unit: UnitOfWork, id: string): Promise<UserEntity | null> =>
  unit.rows(UserEntity).findOneBy({ id })

/** The users with these ids, in no order. */
export const findUsers = (unit: UnitOfWork, ids: readonly string[]): Promise<UserEntity[]> =>
  unit.rows(UserEntity).findBy({ id: In([...ids]) })

/** The user with this login, without regard to case, or null. */
export const findUserByLogin = (unit: UnitOfWork, login: string): Promise<UserEntity | null> =>
  unit.rows(UserEntity).findOneBy({ loginKey: loginKeyOf(login) })

/** True when there is any user at all. */
export const hasUsers = (unit: UnitOfWork): Promise<boolean> => unit.rows(UserEntity).exists()

/** Adds users, a batch at a time: a statement takes only so many parameters. */
export const insertUsers = async (
  unit: WritingUnitOfWork,
  users: readonly UserEntity[],
): Promise<void> => {
  for (let start = 0; start < users.length; start += 100) {
    await unit.rows(UserEntity).insert(users.slice(start, start + 100))
  }
}

/** Changes columns of one user. */
export const updateUser = async (
  unit: WritingUnitOfWork,
  id: string,
  columns: Partial<UserEntity>,
): Promise<void> => {
  await unit.rows(UserEntity).update({ id }, columns)
}

/** Notes a sign-in with the password of the user given; false when it no longer holds. */
export const updateSignedIn = async (
  unit: WritingUnitOfWork,
  { id, passwordHash }: UserEntity,
  lastSignInAt: Date,
): Promise<boolean> => {
  if (passwordHash === null) return false
  const { affected } = await unit
    .rows(UserEntity)
    .update({ id, passwordHash, status: 'ACTIVE' }, { lastSignInAt })
  return (affected ?? 0) > 0
}
