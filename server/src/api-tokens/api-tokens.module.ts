import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { MailService } from '../mail/mail.service.js'
import type { NodeSource } from '../nodes/node-source.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { UserService } from '../users/user.service.js'
import { userOf } from '../users/user.type.js'
import { ApiTokenEntity } from './api-token.entity.js'
import { ApiTokenResolver } from './api-token.resolver.js'
import { ApiTokenService } from './api-token.service.js'
import { ApiToken } from './api-token.type.js'
import { ApiTokenVerifier } from './api-token-verifier.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly users: UserService
  readonly operations: OperationService
  readonly mail: MailService
  readonly settings: SettingsService
}

/** API tokens: bearer tokens for programs. */
export const apiTokensModule = {
  entities: [ApiTokenEntity],
  create: ({ config, database, users, operations, mail, settings }: Needs) => {
    const apiTokenVerifier = new ApiTokenVerifier(database)
    const apiTokens = new ApiTokenService(
      database,
      users,
      operations,
      mail,
      settings,
      config.publicUrl,
    )
    return {
      services: { apiTokenVerifier, apiTokens },
      resolvers: [new ApiTokenResolver(apiTokens)],
      nodes: [
        {
          type: ApiToken,
          sessionOnly: true,
          find: async (ids, caller) =>
            (await apiTokens.findMany(caller.id, ids)).map(
              found => new ApiToken(found, userOf(caller)),
            ),
        },
      ] satisfies NodeSource[],
      jobs: [
        {
          work: apiTokenVerifier,
          failureMessage: 'recording the use of API tokens failed; it will be retried',
        },
      ],
      sweeps: [() => apiTokens.sweep()],
    }
  },
}
