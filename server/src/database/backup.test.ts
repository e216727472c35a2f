import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import SQL from 'sql-template-tag'
import { entities } from '../app/features.js'
import { TestServer } from '../testing/test-server.js'
import { backUp } from './backup.js'
import { openDatabase, openExistingDatabase } from './open-database.js'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-backup-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const onSqlite = process.env.TEST_POSTGRES_URL ? it.skip : it

onSqlite(
  'makes a complete backup while the file is being written, and a server can use it',
  async () => {
    // The key is stored separately from backups.
    const key = { SECRETS_KEY: Buffer.alloc(32, 'a key').toString('base64') }
    const server = await TestServer.start(key)
    const admin = await server.addUser({ role: 'ADMIN' })
    const copy = join(dir, 'copy.sqlite')
    let writing = true
    const writer = (async () => {
      while (writing) await server.client().logIn(admin.login, 'Wrong-One-123')
    })()
    await backUp(server.config.database, copy)
    writing = false
    await writer
    await server.stop()
    expect((await stat(copy)).mode & 0o777).toBe(0o600)

    const restored = await TestServer.start({ ...key, DATABASE_URL: `sqlite:${copy}` })
    try {
      const client = await restored.signedIn(admin)
      const { data } = await client.query('{ users(search: "person1") { totalCount } }')
      expect(data.users.totalCount).toBe(1)
      await restored.services.operations.idle()
      expect(await restored.services.operations.verify()).toMatchObject({ kind: 'unbroken' })
    } finally {
      await restored.stop()
    }
  },
)

onSqlite('does not overwrite a file with a backup', async () => {
  const server = await TestServer.start()
  const copy = join(dir, 'copy.sqlite')
  await backUp(server.config.database, copy)
  await expect(backUp(server.config.database, copy)).rejects.toThrow('already exists')
  expect(await readdir(dir)).toEqual(['copy.sqlite'])
  await server.stop()
})

onSqlite('does not write a backup through a link, or into an existing file', async () => {
  const server = await TestServer.start()
  const copy = join(dir, 'copy.sqlite')
  const elsewhere = join(dir, 'elsewhere')
  await writeFile(elsewhere, 'something else', { mode: 0o644 })
  await symlink(elsewhere, `${copy}.part`)
  const refusal = `${copy}.part already exists`
  await expect(backUp(server.config.database, copy)).rejects.toThrow(refusal)
  expect(await readFile(elsewhere, 'utf8')).toBe('something else')

  await rm(`${copy}.part`)
  await writeFile(`${copy}.part`, '', { mode: 0o644 })
  await expect(backUp(server.config.database, copy)).rejects.toThrow(refusal)
  expect((await readdir(dir)).sort()).toEqual(['copy.sqlite.part', 'elsewhere'])
  await server.stop()
})

onSqlite('makes no backup of a missing database, and does not create one', async () => {
  const file = join(dir, 'nowhere.sqlite')
  const copy = join(dir, 'copy.sqlite')
  await expect(backUp({ engine: 'sqlite', file }, copy)).rejects.toThrow(`no database at ${file}`)
  expect(await readdir(dir)).toEqual([])
})

onSqlite('makes all files beside the database readable only by its owner', async () => {
  const before = process.umask(0o022)
  const file = join(dir, 'fresh.sqlite')
  const database = await openDatabase({ engine: 'sqlite', file }, entities)
  try {
    const names = await readdir(dir)
    expect(names).toContain('fresh.sqlite-wal')
    for (const name of names) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600)
  } finally {
    await database.close()
    process.umask(before)
  }
})

it('does not open a database of a newer version', async () => {
  const server = await TestServer.start()
  await server.database.write(unit =>
    unit.query(
      SQL`INSERT INTO migrations (timestamp, name) VALUES (1999000000000, 'Flying1999000000000')`,
    ),
  )
  const opened = openDatabase(server.config.database, entities)
  await expect(opened).rejects.toThrow('used by a newer version of Rekey, with Flying1999000000000')
  await server.stop()
})

it('refuses to back up PostgreSQL, which has its own programs', async () => {
  const times = { timeoutSeconds: 1, waitSeconds: 0 }
  const database = { engine: 'postgres', url: 'postgres://x', poolSize: 2, ...times } as const
  await expect(backUp(database, join(dir, 'x'))).rejects.toThrow('pg_dump')
})

onSqlite('an emptied database is not backed up, and what is beside it stays', async () => {
  const file = join(dir, 'rekey.sqlite')
  await writeFile(file, '')
  await writeFile(`${file}-wal`, 'the last that is left')
  const settings = { engine: 'sqlite', file } as const
  await expect(backUp(settings, join(dir, 'copy.sqlite'))).rejects.toThrow('there is nothing in')
  await expect(openExistingDatabase(settings, entities)).rejects.toThrow('there is nothing in')
  expect(await readFile(`${file}-wal`, 'utf8')).toBe('the last that is left')
  expect(await readdir(dir)).toEqual(['rekey.sqlite', 'rekey.sqlite-wal'])
})

it('a command does not bring the tables of an earlier version up to date', async () => {
  const server = await TestServer.start()
  const { database } = server.config
  await server.database.write(unit =>
    unit.query(SQL`DELETE FROM migrations WHERE id = (SELECT MAX(id) FROM migrations)`),
  )
  await expect(openExistingDatabase(database, entities)).rejects.toThrow(
    'Start this version of the server first',
  )
  await server.stop()
})
