import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** A database that lasts for one test. */
export interface ThrowAwayDatabase {
  readonly url: string
  drop(): Promise<void>
}

const run = async (url: string, statement: string): Promise<void> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/**
 * Creates an empty database on the server that TEST_POSTGRES_URL names. Returns null if that is not
 * set, so that SQLite is tested.
 */
export const throwAwayDatabase = async (): Promise<ThrowAwayDatabase | null> => {
  const { TEST_POSTGRES_URL: serverUrl } = process.env
  if (serverUrl === undefined || serverUrl === '') return null
  const name = `test_${randomBytes(8).toString('hex')}`
  await run(serverUrl, `CREATE DATABASE ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () => run(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`),
  }
}
