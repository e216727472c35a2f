import 'reflect-metadata'
import { loginKeyOf, spelledKeyOf } from '@rekey/shared/login'
import { entities } from '../app/features.js'
import { readConfig } from '../config/config.js'
import { openDatabase } from '../database/open-database.js'
import { UserEntity } from '../users/user.entity.js'

/**
 * Gives two users the same mailbox as their login, as an earlier version allowed.
 *
 * @param environment the settings of the running server that uses the database.
 * @param changes the current login of each user, and the new spelling. The first login must be in
 * ASCII.
 */
export const shareMailbox = async (
  environment: NodeJS.ProcessEnv,
  changes: readonly [before: string, after: string][],
): Promise<void> => {
  const database = await openDatabase(readConfig(environment, process.cwd()).database, entities)
  try {
    await database.write(async unit => {
      for (const [before, login] of changes) {
        const [loginKey, key] = [spelledKeyOf(login), loginKeyOf(login)]
        await unit
          .rows(UserEntity)
          .update(
            { loginKey: before },
            { login, loginKey, takenLoginKey: loginKey === key ? null : key },
          )
      }
    })
  } finally {
    await database.close()
  }
}
