import 'reflect-metadata'
import { IsNull } from 'typeorm'
import { entities } from '../app/features.js'
import { readConfig } from '../config/config.js'
import { openDatabase } from '../database/open-database.js'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'

/**
 * Makes every valid one-time link expire now, as if nobody had used it in time.
 *
 * @param environment the settings of the running server that uses the database.
 */
export const expireLinks = async (environment: NodeJS.ProcessEnv): Promise<void> => {
  const database = await openDatabase(readConfig(environment, process.cwd()).database, entities)
  try {
    await database.write(unit =>
      unit
        .rows(OneTimeLinkEntity)
        .update({ endReason: IsNull() }, { expiresAt: new Date(Date.now() - 1000) }),
    )
  } finally {
    await database.close()
  }
}
