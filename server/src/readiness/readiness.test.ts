import { open, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { expect, it } from '@jest/globals'
import SQL from 'sql-template-tag'
import { DataSource } from 'typeorm'
import { DatabaseUnavailable } from '../database/unavailable.js'
import { TestServer } from '../testing/test-server.js'
import { type Readiness, ReadinessService } from './readiness.service.js'

const onSqlite = process.env.TEST_POSTGRES_URL ? it.skip : it

const fileOf = (server: TestServer): string => {
  const { database } = server.config
  if (database.engine !== 'sqlite') throw new Error('This test is for SQLite.')
  return database.file
}

/** Sends requests until the answer is newer than the result of a second ago. */
const waitForStatus = async (server: TestServer, status: number): Promise<void> => {
  while ((await server.client().get('/readyz')).status !== status) {
    await new Promise(later => setTimeout(later, 100))
  }
}

/** The lines about the database; the jobs have lines of their own. */
const causesIn = (server: TestServer): string[] =>
  server
    .log()
    .split('\n')
    .filter(line => line.includes('"level":50'))
    .map(line => JSON.parse(line).msg)
    .filter(message => message.startsWith('The database is unavailable'))

/** Starts a server, does something to its database, and returns what it logged. */
const causesAfter = async (
  harm: (file: string) => Promise<unknown>,
  repair?: (file: string) => Promise<unknown>,
): Promise<string[]> => {
  const server = await TestServer.start()
  try {
    await waitForStatus(server, 200)
    await harm(fileOf(server))
    await waitForStatus(server, 503)
    // Many requests do not cause many lines.
    await Promise.all(Array.from({ length: 20 }, () => server.client().get('/readyz')))
    const causes = causesIn(server)
    if (repair !== undefined) {
      await repair(fileOf(server))
      await waitForStatus(server, 200)
      expect(server.log()).toContain('The database is available again.')
    }
    return causes
  } finally {
    await server.stop()
  }
}

it('is ready if a row can be written and read', async () => {
  const server = await TestServer.start()
  await waitForStatus(server, 200)
  const [row] = await server.database.read(unit =>
    unit.query<{ beat: number | string }>(SQL`SELECT beat FROM heartbeats`),
  )
  expect(Number(row?.beat)).toBeGreaterThan(0)
  await server.stop()
})

onSqlite('notices that the file was moved away, and that it is back', async () => {
  const causes = await causesAfter(
    file => rename(file, `${file}.away`),
    file => rename(`${file}.away`, file),
  )
  expect(causes).toEqual([
    expect.stringMatching(/rekey\.sqlite was deleted while the server was running/),
  ])
})

onSqlite('notices another file in place of its own', async () => {
  const causes = await causesAfter(async file => {
    await writeFile(`${file}.other`, 'another one')
    await rename(`${file}.other`, file)
  })
  expect(causes).toEqual([expect.stringMatching(/rekey\.sqlite was replaced by another file/)])
})

onSqlite.each(['-wal', '-shm'])('notices that the file with %s is gone', async companion => {
  const causes = await causesAfter(file => rm(file + companion))
  expect(causes).toEqual([expect.stringContaining(`${companion} was deleted`)])
})

onSqlite('notices another -wal', async () => {
  const causes = await causesAfter(async file => {
    await writeFile(`${file}.other`, '')
    await rename(`${file}.other`, `${file}-wal`)
  })
  expect(causes).toEqual([expect.stringContaining('-wal was replaced by another file')])
})

onSqlite('notices that garbage was written over the file', async () => {
  const causes = await causesAfter(async file => {
    const handle = await open(file, 'r+')
    await handle.write('garbage'.repeat(10_000), 0)
    await handle.close()
  })
  expect(causes).toEqual([
    expect.stringMatching(/was overwritten and is no longer a SQLite database/),
  ])
})

onSqlite('notices that the file was emptied', async () => {
  const causes = await causesAfter(file => truncate(file, 0))
  expect(causes).toEqual([
    expect.stringMatching(/was overwritten and is no longer a SQLite database/),
  ])
})

onSqlite('names a lock that another process holds, and recovers when it is released', async () => {
  let other: DataSource | undefined
  const causes = await causesAfter(
    async file => {
      other = await new DataSource({ type: 'sqlite', database: file }).initialize()
      await other.query('BEGIN IMMEDIATE')
    },
    async () => {
      await other?.query('ROLLBACK')
      await other?.destroy()
    },
  )
  expect(causes).toContainEqual(expect.stringMatching(/it is locked.*\(SQLITE_BUSY\)/))
})

onSqlite('rejects writes to a deleted file, and keeps nothing of the work', async () => {
  const server = await TestServer.start()
  const file = fileOf(server)
  await rename(file, `${file}.away`)
  const login = 'lost@rekey.example'
  await expect(server.addUser({ login })).rejects.toBeInstanceOf(DatabaseUnavailable)
  await rename(`${file}.away`, file)
  expect(
    await server.database.read(unit => server.services.users.findByLoginIn(unit, login)),
  ).toBeNull()
  await expect(server.addUser({ login })).resolves.toMatchObject({ login })
  await server.stop()
})

it('reports that it is unavailable while a check hangs, and does not start a second one', async () => {
  let checks = 0
  let finish: () => void = () => undefined
  const hanging = () => {
    checks += 1
    return new Promise<void>(done => {
      finish = done
    })
  }
  const changes: Readiness[] = []
  const readiness = new ReadinessService(hanging, { maxAgeMs: 0, deadlineMs: 20 })
  readiness.onChange(change => changes.push(change))
  for (let call = 0; call < 3; call += 1) {
    expect(await readiness.check()).toMatchObject({ isReady: false })
  }
  expect(checks).toBe(1)
  expect(changes).toHaveLength(1)
  finish()
  while (changes.length < 2) await new Promise(later => setTimeout(later, 1))
  expect(changes[1]).toEqual({ isReady: true })
})

it('answers many callers with one check', async () => {
  let checks = 0
  const readiness = new ReadinessService(async () => {
    checks += 1
  })
  const answers = await Promise.all(Array.from({ length: 50 }, () => readiness.check()))
  expect(answers.every(({ isReady }) => isReady)).toBe(true)
  expect(checks).toBe(1)
})
