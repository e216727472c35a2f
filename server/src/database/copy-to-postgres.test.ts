import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import SQL from 'sql-template-tag'
import { DataSource } from 'typeorm'
import { createFeatures, entities } from '../app/features.js'
import { readConfig } from '../config/config.js'
import { demoPassword, fillWithDemo } from '../demo/demo.js'
import { localOrigin } from '../http/request-origin.js'
import { TestServer } from '../testing/test-server.js'
import { type ThrowAwayDatabase, throwAwayDatabase } from '../testing/throw-away-database.js'
import { copyRows } from './copy.js'
import { copyToPostgres } from './copy-to-postgres.js'
import { openDatabase } from './open-database.js'

const onPostgres = process.env.TEST_POSTGRES_URL ? it : it.skip
const key = { SECRETS_KEY: Buffer.alloc(32, 'a key').toString('base64') }

let dir: string
let target: ThrowAwayDatabase | null
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-copy-'))
  target = await throwAwayDatabase()
})
afterEach(async () => {
  await target?.drop()
  await rm(dir, { recursive: true, force: true })
})

const configOf = (settings: Record<string, string> = {}) =>
  readConfig(
    {
      ...key,
      DATA_DIR: dir,
      ARGON2_MEMORY_KIB: '64',
      ARGON2_PASSES: '1',
      ARGON2_ALLOW_WEAK: 'true',
      ...settings,
    },
    dir,
  )

/** Creates a SQLite file with the demo company. */
const fillSource = async (): Promise<void> => {
  const config = configOf()
  const database = await openDatabase(config.database, entities)
  const { services } = createFeatures(config, database)
  await services.secrets.open()
  await services.devices.open()
  await fillWithDemo(database, services)
  // More than one batch, and values that entities would not keep unchanged.
  await database.write(async unit => {
    for (let number = 0; number < 1_200; number += 1) {
      await unit.query(
        SQL`INSERT INTO throttle_counts (key, points, expires_at) VALUES (${`key ${number}`}, ${number}, ${number * 1e9})`,
      )
    }
    await unit.query(SQL`UPDATE users SET granted_permissions = 'no.longer.known ñ 日本 😀 '' "'
      WHERE login = 'maya@demo.example'`)
  })
  const refusal = { action: 'READ', reason: 'FORBIDDEN', actorId: null, subjectId: null } as const
  for (const name of ['one', 'two']) {
    await services.operations.recordRefusal(localOrigin('unknown', name), refusal)
  }
  services.operations.start(() => undefined)
  await services.operations.idle()
  await services.operations.stop()
  // Both are deleted. The deletion itself is not chained yet.
  await services.operationCuts.cutBefore(new Date(Date.now() + 60_000), 30)
  await services.operationCuts.deleteSome()
  await database.close()
}

const targetUrl = (): string => target?.url ?? ''

onPostgres('copies everything, and a server can use the copy', async () => {
  await fillSource()
  const message = await copyToPostgres(configOf(), targetUrl(), entities)
  expect(message).toMatch(/^throttle_counts +1200$/m)
  expect(message).toMatch(/^users +312$/m)
  expect(message).toContain('Give every instance SECRETS_KEY')

  const server = await TestServer.start({ ...key, DATABASE_URL: targetUrl() })
  try {
    const client = server.client()
    const { data } = await client.logIn('olivia@demo.example', demoPassword)
    expect(data.logIn.errors).toEqual([])
    const counted = await client.query('{ users { totalCount } }')
    expect(counted.data.users.totalCount).toBe(312)
    const found = await client.query('{ users(search: "maya") { totalCount } }')
    expect(found.data.users.totalCount).toBeGreaterThan(0)
    await server.services.operations.idle()
    expect(await server.services.operations.verify()).toMatchObject({
      kind: 'unbroken',
      cut: { number: 2, keepDays: 30 },
      head: { number: 4 },
    })
    const [maya] = await server.database.read(unit =>
      unit.query(SQL`SELECT granted_permissions FROM users WHERE login = 'maya@demo.example'`),
    )
    expect(maya).toEqual({ granted_permissions: `no.longer.known ñ 日本 😀 ' "` })
  } finally {
    await server.stop()
  }
})

onPostgres('omits no column of a table', async () => {
  const source = await openDatabase(configOf().database, entities)
  const copy = await openDatabase(
    { engine: 'postgres', url: targetUrl(), poolSize: 3, timeoutSeconds: 10, waitSeconds: 0 },
    entities,
  )
  for (const entity of entities) {
    const { tableName, columns } = await source.read(async unit => unit.rows(entity).metadata)
    const columnNames = columns.map(({ databaseName }) => databaseName).sort()
    const inSource = await source.read(unit =>
      unit.query<{ name: string }>(SQL`SELECT name FROM pragma_table_info(${tableName})`),
    )
    const names = inSource.map(({ name }) => name)
    // The number by which SQLite's search index finds a user; PostgreSQL does not need it.
    const copied = names.filter(name => name !== 'row_number').sort()
    expect({ [tableName]: copied }).toEqual({ [tableName]: columnNames })
    const required = await copy.read(unit =>
      unit.query<{ name: string }>(SQL`SELECT column_name AS name FROM information_schema.columns
        WHERE table_name = ${tableName} AND is_nullable = 'NO' AND is_generated = 'NEVER'
        AND column_default IS NULL`),
    )
    expect(columnNames).toEqual(expect.arrayContaining(required.map(({ name }) => name)))
  }
  await copy.close()
  await source.close()
})

onPostgres('rejects a target that is not empty, and does not change it', async () => {
  await fillSource()
  const server = await TestServer.start({ ...key, DATABASE_URL: targetUrl() })
  await server.addUser({ login: 'first@rekey.example' })
  await expect(copyToPostgres(configOf(), targetUrl(), entities)).rejects.toThrow(
    'The database is in use: stop every server on it first.',
  )
  await server.stop()
  await expect(copyToPostgres(configOf(), targetUrl(), entities)).rejects.toThrow(
    'The target is not empty',
  )
})

onPostgres('saves nothing if the copy differs from its source', async () => {
  await fillSource()
  const copy = await openDatabase(
    { engine: 'postgres', url: targetUrl(), poolSize: 3, timeoutSeconds: 10, waitSeconds: 0 },
    entities,
  )
  const source = await openDatabase(configOf().database, entities)
  const meddler = await new DataSource({ type: 'postgres', url: targetUrl() }).initialize()
  await meddler.query(`CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN NEW.first_name := 'Someone'; RETURN NEW; END $$`)
  await meddler.query(
    'CREATE TRIGGER meddle BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION meddle()',
  )
  await expect(copyRows(source, copy, entities)).rejects.toThrow(
    /^A row of users differs from its source/,
  )
  await meddler.query('DROP TRIGGER meddle ON users')
  expect(await meddler.query('SELECT id FROM users')).toEqual([])
  // Nothing of it is left, so the copy can run again.
  expect(await copyRows(source, copy, entities)).toContainEqual({ table: 'users', rows: 312 })
  await meddler.destroy()
  await source.close()
  await copy.close()
})

it('copies only a SQLite database, and only to PostgreSQL', async () => {
  const url = 'postgres://rekey:Secret-Word-1@127.0.0.1:1/rekey'
  const fromPostgres = configOf({ DATABASE_URL: url })
  await expect(copyToPostgres(fromPostgres, url, entities)).rejects.toThrow('only from SQLite')
  await expect(copyToPostgres(configOf(), 'sqlite:other', entities)).rejects.toThrow('postgres://')
  await expect(copyToPostgres(configOf(), url, entities)).rejects.toThrow('There is no database')
})
