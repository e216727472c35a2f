import type { Database } from '../database/database.js'
import type { SettingsService } from '../settings/settings.service.js'
import { UserSearchResolver } from './user-search.resolver.js'
import { UserSearchService } from './user-search.service.js'

interface Needs {
  readonly database: Database
  readonly settings: SettingsService
}

/** The list of users in pages, and the search in it. */
export const userSearchModule = {
  create: ({ database, settings }: Needs) => {
    const userSearch = new UserSearchService(database, settings)
    return { services: { userSearch }, resolvers: [new UserSearchResolver(userSearch)] }
  },
}
