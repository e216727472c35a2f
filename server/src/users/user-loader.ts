import { RequestLoader } from '../graphql/request-loader.js'
import type { UserEntity } from './user.entity.js'
import type { UserService } from './user.service.js'

/** Reads the people of a page at once, and each of them once a request. */
export const userLoaderOf = (users: UserService): RequestLoader<UserEntity> =>
  new RequestLoader(async ids => new Map((await users.findMany(ids)).map(user => [user.id, user])))
