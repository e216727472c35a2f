import SQL, { raw } from 'sql-template-tag'
import type { Database } from '../database/database.js'

const indexes = ['users_search', 'users_search_short']
// In kB, of each index: some ten thousand users.
const putOffKilobytes = 262_144

/**
 * Adds a great many users in half the time: PostgreSQL puts off what changes in the indexes of
 * searches, each of which would otherwise be looked into some sixty times for each user. Searches
 * are slow meanwhile; and afterwards, should the process be killed in between, until
 * the next time.
 */
export const withSearchIndexesPutOff = async (
  database: Database,
  work: () => Promise<void>,
): Promise<void> => {
  if (database.engine !== 'postgres') return work()
  await database.write(async unit => {
    for (const index of indexes) {
      await unit.query(
        SQL`ALTER INDEX ${raw(index)}
          SET (fastupdate = on, gin_pending_list_limit = ${raw(String(putOffKilobytes))})`,
      )
    }
  })
  try {
    await work()
  } finally {
    await database.write(async unit => {
      for (const index of indexes) {
        await unit.query(SQL`ALTER INDEX ${raw(index)} SET (fastupdate = off)`)
        await unit.query(SQL`ALTER INDEX ${raw(index)} RESET (gin_pending_list_limit)`)
        await unit.query(SQL`SELECT gin_clean_pending_list(${index})`)
      }
    })
  }
}
