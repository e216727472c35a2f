import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ThrowAwayDatabase, throwAwayDatabase } from '../testing/throw-away-database.js'
import { PreparingClient } from './prepared-postgres.js'

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip

onPostgres('a connection to PostgreSQL', () => {
  let throwAway: ThrowAwayDatabase | null
  let client: PreparingClient
  beforeAll(async () => {
    throwAway = await throwAwayDatabase()
    client = new PreparingClient({ connectionString: throwAway?.url })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await throwAway?.drop()
  })

  const preparedTexts = async (): Promise<string[]> => {
    const { rows } = await client.query('SELECT statement FROM pg_prepared_statements')
    return rows.map((row: { statement: string }) => row.statement)
  }

  it('prepares a statement once, whatever its values', async () => {
    const doubled = 'SELECT $1::int * 2 AS doubled'
    for (const value of [1, 2, 3]) {
      expect((await client.query(doubled, [value])).rows).toEqual([{ doubled: value * 2 }])
    }
    expect((await preparedTexts()).filter(text => text === doubled)).toHaveLength(1)
  })

  it('prepares no more than it may keep, and runs the others all the same', async () => {
    for (let number = 1; number <= 250; number += 1) {
      const { rows } = await client.query(`SELECT $1::int + ${number} AS sum`, [1])
      expect(rows).toEqual([{ sum: number + 1 }])
    }
    expect(await preparedTexts()).toHaveLength(200)
  })

  it('says what is wrong with a statement, each time', async () => {
    for (const _time of [1, 2]) {
      await expect(client.query('SELECT $1::int / 0', [1])).rejects.toMatchObject({ code: '22012' })
    }
  })
})
