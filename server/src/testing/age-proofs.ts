import 'reflect-metadata'
import { IsNull } from 'typeorm'
import { entities } from '../app/features.js'
import { readConfig } from '../config/config.js'
import { openDatabase } from '../database/open-database.js'
import { proofLastsMs } from '../reauthentication/recent-proof.js'
import { SessionEntity } from '../sessions/session.entity.js'

/**
 * Makes the last proof of identity of every signed-in user too old, as if they had been away.
 * Sensitive actions then require another proof.
 *
 * @param environment the settings of the running server that uses the database.
 */
export const ageProofs = async (environment: NodeJS.ProcessEnv): Promise<void> => {
  const database = await openDatabase(readConfig(environment, process.cwd()).database, entities)
  try {
    await database.write(unit =>
      unit
        .rows(SessionEntity)
        .update({ endReason: IsNull() }, { provedAt: new Date(Date.now() - 2 * proofLastsMs) }),
    )
  } finally {
    await database.close()
  }
}
