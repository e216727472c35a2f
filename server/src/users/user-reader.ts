import type { UnitOfWork } from '../database/unit-of-work.js'
import type { UserEntity } from './user.entity.js'
import * as store from './user.store.js'

/** Reads users for services that UserService depends on. */
export class UserReader {
  /** The users with these ids, in no order; unknown ids are left out. */
  findManyIn(unit: UnitOfWork, ids: readonly string[]): Promise<UserEntity[]> {
    return store.findUsers(unit, ids)
  }
}
