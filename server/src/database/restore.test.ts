import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { DataSource } from 'typeorm'
import { runBuiltWith } from '../testing/built-program.js'
import { ServerProcess } from '../testing/server-process.js'
import { refuseForeignWal } from './foreign-wal.js'
import { restoreBackup } from './restore.js'
import { markedHeaderOf } from './sqlite.js'
import { markFile } from './sqlite-mark.js'

const onSqlite = process.env.TEST_POSTGRES_URL ? it.skip : it

let dir: string
let dataDir: string
let server: ServerProcess | undefined
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-restore-'))
  dataDir = join(dir, 'data')
  await mkdir(dataDir)
})
afterEach(async () => {
  await server?.kill()
  server = undefined
  await rm(dir, { recursive: true, force: true })
})

const inData = (name: string): string => join(dataDir, name)
const run = (program: string, ...args: string[]): Promise<string> =>
  runBuiltWith({ DATA_DIR: dataDir, PORT: '0' }, program, ...args)

/** Opens a SQLite file, runs a statement on it and closes it. */
const query = async (file: string, statement: string) => {
  const source = await new DataSource({ type: 'sqlite', database: file }).initialize()
  try {
    return await source.query(statement)
  } finally {
    await source.destroy()
  }
}

/** Writes rows to the database, with or without a running server. */
const addRows = (count: number): Promise<unknown> =>
  query(
    inData('rekey.sqlite'),
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
      INSERT INTO throttle_counts (key, points, expires_at)
      SELECT hex(randomblob(16)), 1, 4102444800000 FROM numbers`,
  )

const countRows = async (file = 'rekey.sqlite'): Promise<number> => {
  const [{ n }] = await query(inData(file), 'SELECT count(*) AS n FROM throttle_counts')
  return n
}

/**
 * Makes a backup and then kills the server, with changes in its -wal that are not in the backup.
 */
const killAfterBackup = async (): Promise<string> => {
  const backup = join(dir, 'backup.sqlite')
  server = await ServerProcess.start(dataDir, {})
  await addRows(20)
  await run('rekey', 'backup', backup)
  await addRows(30)
  await server.kill()
  expect((await stat(inData('rekey.sqlite-wal'))).size).toBeGreaterThan(32)
  return backup
}

onSqlite('replaces the database with a backup, and keeps the earlier files', async () => {
  const backup = await killAfterBackup()
  const before = await readFile(backup)
  const message = await run('rekey', 'restore', backup)
  expect(message).toMatch(/^Restored \S+backup\.sqlite to \S+rekey\.sqlite: 0 users\./)
  expect(message).toContain(`${inData('secrets.key')} must be the secrets key`)
  expect(await readFile(backup)).toEqual(before)
  expect((await stat(inData('rekey.sqlite'))).mode & 0o777).toBe(0o600)

  server = await ServerProcess.start(dataDir, {})
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  await server.stop()
  expect(await countRows()).toBe(20)

  const [earlierFile = ''] = (await readdir(dataDir)).filter(name => /before-\d+T\d+Z$/.test(name))
  expect(await countRows(earlierFile)).toBe(50)
})

onSqlite('does not open a backup beside the -wal of a killed server', async () => {
  server = await ServerProcess.start(dataDir, {})
  await addRows(20)
  const file = join(dir, 'copy.sqlite')
  await run('rekey', 'backup', file)
  await server.kill()
  await copyFile(file, inData('rekey.sqlite'))
  const before = [
    await readFile(inData('rekey.sqlite')),
    await readFile(inData('rekey.sqlite-wal')),
  ]
  for (const [program, ...args] of [
    ['main'],
    ['rekey', 'secrets:rotate'],
    ['rekey', 'backup', join(dir, 'another.sqlite')],
  ] as const) {
    await expect(run(program, ...args)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/-wal does not belong to [\s\S]* restore <the backup>/),
    })
  }
  expect([
    await readFile(inData('rekey.sqlite')),
    await readFile(inData('rekey.sqlite-wal')),
  ]).toEqual(before)
  await run('rekey', 'restore', file)
  expect(await countRows()).toBe(20)
})

onSqlite('does not open a plain copy of an earlier run beside a later -wal', async () => {
  server = await ServerProcess.start(dataDir, {})
  await addRows(20)
  await server.stop()
  const file = join(dir, 'copy.sqlite')
  await copyFile(inData('rekey.sqlite'), file)
  server = await ServerProcess.start(dataDir, {})
  await addRows(30)
  await server.kill()
  await copyFile(file, inData('rekey.sqlite'))
  await expect(run('main')).rejects.toMatchObject({
    stderr: expect.stringContaining('-wal does not belong to'),
  })
  await run('rekey', 'restore', file)
  expect(await countRows()).toBe(20)
})

onSqlite('does not open a copy from an hour ago beside the -wal of the same run', async () => {
  const file = inData('rekey.sqlite')
  const source = await new DataSource({
    type: 'sqlite',
    database: file,
    enableWAL: true,
  }).initialize()
  const header = markedHeaderOf(source)
  await source.query('CREATE TABLE notes (text)')
  await markFile(file, header)
  const copy = join(dir, 'copy.sqlite')
  await copyFile(file, copy)
  await source.query("INSERT INTO notes VALUES ('before')")
  await expect(refuseForeignWal(file)).resolves.toBeUndefined()
  // As the server does every hour.
  await markFile(file, header)
  await source.query("INSERT INTO notes VALUES ('after')")
  await expect(refuseForeignWal(file)).resolves.toBeUndefined()
  await copyFile(`${file}-wal`, `${copy}-wal`)
  await copyFile(`${file}.mark`, `${copy}.mark`)
  await expect(refuseForeignWal(copy)).rejects.toThrow('does not belong to')
  await source.destroy()
})

onSqlite('keeps the mark while another process reads an earlier state', async () => {
  const file = inData('rekey.sqlite')
  const options = { type: 'sqlite', database: file } as const
  const source = await new DataSource({ ...options, enableWAL: true }).initialize()
  const header = markedHeaderOf(source)
  await source.query('CREATE TABLE notes (text)')
  await markFile(file, header)
  const reader = await new DataSource(options).initialize()
  await reader.query('BEGIN')
  await reader.query('SELECT * FROM notes')
  await source.query("INSERT INTO notes VALUES ('after')")
  for (let marks = 1; marks <= 3; marks += 1) {
    await markFile(file, header)
    await expect(refuseForeignWal(file)).resolves.toBeUndefined()
  }
  await reader.query('ROLLBACK')
  await markFile(file, header)
  await source.query("INSERT INTO notes VALUES ('later')")
  await expect(refuseForeignWal(file)).resolves.toBeUndefined()
  await reader.destroy()
  await source.destroy()
})

onSqlite('opens a file with its own -wal after each of several kills', async () => {
  for (let kills = 1; kills <= 2; kills += 1) {
    server = await ServerProcess.start(dataDir, {})
    await addRows(10)
    await server.kill()
  }
  server = await ServerProcess.start(dataDir, {})
  await server.stop()
  expect(await countRows()).toBe(20)
})

onSqlite('restores nothing while a server is running', async () => {
  server = await ServerProcess.start(dataDir, {})
  const backup = join(dir, 'backup.sqlite')
  await run('rekey', 'backup', backup)
  await expect(run('rekey', 'restore', backup)).rejects.toMatchObject({
    code: 1,
    stderr: 'The database is in use: stop every server on it first.\n',
  })
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
})

onSqlite('restores nothing while a command has the file open', async () => {
  server = await ServerProcess.start(dataDir, {})
  const backup = join(dir, 'backup.sqlite')
  await run('rekey', 'backup', backup)
  await server.stop()
  const other = await new DataSource({
    type: 'sqlite',
    database: inData('rekey.sqlite'),
  }).initialize()
  await other.query('SELECT count(*) FROM users')
  await expect(run('rekey', 'restore', backup)).rejects.toMatchObject({
    stderr: expect.stringContaining('wait until the other command has ended'),
  })
  await other.destroy()
})

onSqlite('restores a backup if the database is missing or damaged', async () => {
  const backup = await killAfterBackup()
  for (const suffix of ['', '-wal', '-shm']) await rm(inData(`rekey.sqlite${suffix}`))
  await run('rekey', 'restore', backup)
  expect(await countRows()).toBe(20)
  await writeFile(inData('rekey.sqlite'), 'no database at all')
  await run('rekey', 'restore', backup)
  expect(await countRows()).toBe(20)
})

onSqlite('changes nothing if the backup is unusable', async () => {
  const backup = await killAfterBackup()
  const settings = {
    database: { engine: 'sqlite', file: inData('rekey.sqlite') },
    secrets: { key: null, newKey: null, file: inData('secrets.key') },
  } as const
  const bad = join(dir, 'bad')
  const before = await readdir(dataDir)

  await writeFile(bad, 'No database at all.'.repeat(100))
  await expect(restoreBackup(settings, bad)).rejects.toThrow('is not a SQLite database')

  const whole = await readFile(backup)
  await writeFile(bad, whole.subarray(0, whole.length / 2))
  await expect(restoreBackup(settings, bad)).rejects.toThrow('is damaged')

  await writeFile(
    bad,
    Buffer.concat([whole.subarray(0, 20_480), Buffer.alloc(whole.length - 20_480, 'x')]),
  )
  await expect(restoreBackup(settings, bad)).rejects.toThrow('is damaged')

  await rm(bad)
  await query(bad, 'CREATE TABLE notes (text)')
  await expect(restoreBackup(settings, bad)).rejects.toThrow('is not a database of Rekey')

  await copyFile(backup, bad)
  await query(bad, "INSERT INTO migrations (timestamp, name) VALUES (1, 'Flying1999000000000')")
  await expect(restoreBackup(settings, bad)).rejects.toThrow('used by a newer version')

  await expect(restoreBackup(settings, join(dir, 'nowhere'))).rejects.toThrow('There is no file')
  await expect(restoreBackup(settings, inData('rekey.sqlite'))).rejects.toThrow(
    'the database itself',
  )
  expect(await readdir(dataDir)).toEqual(before)
})

it('refuses to restore PostgreSQL, which has its own programs', async () => {
  const database = {
    engine: 'postgres',
    url: 'postgres://x',
    poolSize: 2,
    timeoutSeconds: 10,
    waitSeconds: 0,
  } as const
  const secrets = { key: null, newKey: null, file: join(dir, 'x') }
  await expect(restoreBackup({ database, secrets }, join(dir, 'x'))).rejects.toThrow('pg_restore')
})
