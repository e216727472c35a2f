import type { Database } from '../database/database.js'
import { UserSearchResolver } from './user-search.resolver.js'
import { UserSearchService } from './user-search.service.js'

/** The list of users, a page at a time, and search in it. */
export const userSearchModule = {
  create: ({ database }: { database: Database }) => {
    const userSearch = new UserSearchService(database)
    return { services: { userSearch }, resolvers: [new UserSearchResolver(userSearch)] }
  },
}
