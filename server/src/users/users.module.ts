import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { MailService } from '../mail/mail.service.js'
import type { NodeSource } from '../nodes/node-source.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import { UserEntity } from './user.entity.js'
import { UserResolver } from './user.resolver.js'
import { UserService } from './user.service.js'
import { User, userOf } from './user.type.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly operations: OperationService
  readonly links: OneTimeLinkService
  readonly throttle: ThrottleService
  readonly mail: MailService
  readonly settings: SettingsService
}

/** Users and their profiles. */
export const usersModule = {
  entities: [UserEntity],
  create: (needs: Needs) => {
    const { config, database, operations, links, throttle, mail, settings } = needs
    const { publicUrl } = config
    const users = new UserService(database, operations, links, throttle, mail, publicUrl, settings)
    return {
      services: { users },
      resolvers: [new UserResolver(users)],
      nodes: [
        {
          type: User,
          find: async (ids, caller) => (await users.readMany(caller, ids)).map(userOf),
        },
      ] satisfies NodeSource[],
    }
  },
}
