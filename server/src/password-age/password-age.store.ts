import { Brackets, In, type SelectQueryBuilder } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { UserEntity } from '../users/user.entity.js'

/** A place in the order of passwords by age. */
export interface PasswordPlace {
  readonly passwordChangedAt: Date
  readonly id: string
}

/**
 * The users whose password has reached one of these ages since they were last reminded of it, or who
 * were never reminded of it. Without users who cannot sign in or must change their password anyway.
 */
const dueUsers = (
  unit: UnitOfWork,
  agesMs: readonly number[],
  now: Date,
): SelectQueryBuilder<UserEntity> =>
  unit
    .rows(UserEntity)
    .createQueryBuilder('users')
    // The condition of the index users_by_password_age.
    .where(
      "users.status = 'ACTIVE' AND NOT users.must_change_password AND users.password_changed_at IS NOT NULL",
    )
    .andWhere('users.password_changed_at <= :newest', {
      newest: now.getTime() - Math.min(...agesMs),
    })
    .andWhere(
      new Brackets(any => {
        agesMs.forEach((age, index) => {
          const [since, old] = [`since${index}`, `age${index}`]
          any.orWhere(
            `(users.password_changed_at <= :${since} AND COALESCE(users.password_reminded_at, 0) < users.password_changed_at + :${old})`,
            { [since]: now.getTime() - age, [old]: age },
          )
        })
      }),
    )

/** The first users to remind after a place, the oldest password first. Without their hashes. */
export const listDue = (
  unit: UnitOfWork,
  agesMs: readonly number[],
  now: Date,
  after: PasswordPlace | null,
  limit: number,
): Promise<PasswordPlace[]> => {
  const query = dueUsers(unit, agesMs, now).select(['users.id', 'users.passwordChangedAt'])
  if (after !== null) {
    query.andWhere('(users.password_changed_at, users.id) > (:afterAt, :afterId)', {
      afterAt: after.passwordChangedAt.getTime(),
      afterId: after.id,
    })
  }
  return query
    .orderBy('users.passwordChangedAt')
    .addOrderBy('users.id')
    .limit(limit)
    .getMany() as Promise<UserEntity[] & PasswordPlace[]>
}

/** Those of the users with these ids who are still to be reminded. */
export const findDue = (
  unit: UnitOfWork,
  agesMs: readonly number[],
  now: Date,
  ids: readonly string[],
): Promise<UserEntity[]> =>
  dueUsers(unit, agesMs, now)
    .andWhere({ id: In([...ids]) })
    .getMany()

/** Records that these users were reminded. It is no edit of their profiles. */
export const noteReminded = async (
  unit: WritingUnitOfWork,
  ids: readonly string[],
  now: Date,
): Promise<void> => {
  await unit.rows(UserEntity).update({ id: In([...ids]) }, { passwordRemindedAt: now })
}
