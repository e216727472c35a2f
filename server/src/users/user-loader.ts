import { RequestLoader } from '../graphql/request-loader.js'
import type { UserEntity } from './user.entity.js'
import type { UserService } from './user.service.js'

/** Reads all users of a page with one query, and each user once per request. */
export const userLoaderOf = (users: UserService): RequestLoader<UserEntity> =>
  new RequestLoader(async ids => new Map((await users.findMany(ids)).map(user => [user.id, user])))
