import 'reflect-metadata'
import { entities } from '../app/features.js'
import { readConfig } from '../config/config.js'
import { openDatabase } from '../database/open-database.js'
import { OwnDeletionEntity } from '../own-deletion/own-deletion.entity.js'

/**
 * Ends the wait of every user who has asked to delete their account. The server notices it at its
 * next start, or when another user asks.
 *
 * @param environment the settings of the running server that uses the database.
 */
export const endDeletionWaits = async (environment: NodeJS.ProcessEnv): Promise<void> => {
  const database = await openDatabase(readConfig(environment, process.cwd()).database, entities)
  try {
    await database.write(async unit => {
      await unit
        .rows(OwnDeletionEntity)
        .createQueryBuilder()
        .update()
        .set({ dueAt: new Date() })
        .execute()
    })
  } finally {
    await database.close()
  }
}
