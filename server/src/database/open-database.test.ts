import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { entities } from '../app/features.js'
import { ConfigError } from '../config/config-error.js'
import { freePort } from '../testing/free-port.js'
import { TcpProxy } from '../testing/tcp-proxy.js'
import { throwAwayDatabase } from '../testing/throw-away-database.js'
import { openDatabase } from './open-database.js'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-test-'))
})
afterAll(() => rm(dir, { recursive: true }))

describe('a database that cannot be opened', () => {
  it('is reported with the settings that name it if it is another file, which is not changed', async () => {
    const file = join(dir, 'notes.txt')
    await writeFile(file, 'No database at all.'.repeat(100), { mode: 0o644 })
    const before = await stat(file)
    const opening = openDatabase({ engine: 'sqlite', file }, entities)
    await expect(opening).rejects.toBeInstanceOf(ConfigError)
    await expect(opening).rejects.toThrow(
      /^DATA_DIR or DATABASE_URL: .*is not a SQLite database\.$/,
    )
    const { mode, size } = await stat(file)
    expect({ mode, size }).toEqual({ mode: before.mode, size: before.size })
  })

  it('is reported if its folder cannot be created', async () => {
    const file = join(dir, 'notes.txt', 'rekey.sqlite')
    await writeFile(join(dir, 'notes.txt'), '')
    const opening = openDatabase({ engine: 'sqlite', file }, entities)
    await expect(opening).rejects.toThrow(/^DATA_DIR or DATABASE_URL: .*notes\.txt/)
  })

  it.each(['127.0.0.1', 'localhost'])(
    'is reported without its password if there is no server on %s',
    async host => {
      const url = `postgres://rekey:Secret-Word-1@${host}:${await freePort()}/rekey`
      const opening = openDatabase(
        { engine: 'postgres', url, poolSize: 3, timeoutSeconds: 1, waitSeconds: 60 },
        entities,
      )
      await expect(opening).rejects.toThrow(/^DATABASE_URL: .*ECONNREFUSED/)
      await expect(opening).rejects.not.toThrow(/Secret/)
    },
  )
})

const postgresAt = (url: string, waitSeconds: number) =>
  ({ engine: 'postgres', url, poolSize: 3, timeoutSeconds: 1, waitSeconds }) as const

describe('a start without its database', () => {
  it('ends after the waiting time, and reports each try before', async () => {
    const url = `postgres://rekey@127.0.0.1:${await freePort()}/rekey`
    const waits: number[] = []
    const opening = openDatabase(postgresAt(url, 2), entities, (_failure, secondsLeft) => {
      waits.push(secondsLeft)
    })
    await expect(opening).rejects.toThrow(/^DATABASE_URL: .*ECONNREFUSED/)
    expect(waits.length).toBeGreaterThan(0)
  })

  it('does not wait if the waiting time is 0', async () => {
    const url = `postgres://rekey@127.0.0.1:${await freePort()}/rekey`
    const waits: number[] = []
    const opening = openDatabase(postgresAt(url, 0), entities, (_failure, secondsLeft) => {
      waits.push(secondsLeft)
    })
    await expect(opening).rejects.toThrow(/ECONNREFUSED/)
    expect(waits).toEqual([])
  })

  const { TEST_POSTGRES_URL } = process.env
  const onPostgres = TEST_POSTGRES_URL ? it : it.skip

  onPostgres('continues when the database becomes available', async () => {
    const throwAway = await throwAwayDatabase()
    if (throwAway === null) throw new Error('There is no PostgreSQL.')
    const network = await TcpProxy.start(throwAway.url)
    await network.breakDown()
    const database = await openDatabase(postgresAt(network.url, 60), entities, () => {
      void network.listen()
    })
    await database.ping()
    await database.close()
    await network.breakDown()
    await throwAway.drop()
  })

  onPostgres.each([
    ['a wrong password', (url: URL) => Object.assign(url, { password: 'wrong' })],
    ['a database that does not exist', (url: URL) => Object.assign(url, { pathname: '/absent' })],
  ])('does not wait with %s', async (_name, change) => {
    const url = change(new URL(TEST_POSTGRES_URL ?? '')).href
    const waits: number[] = []
    const opening = openDatabase(postgresAt(url, 60), entities, (_failure, secondsLeft) => {
      waits.push(secondsLeft)
    })
    await expect(opening).rejects.toThrow(/^DATABASE_URL: /)
    expect(waits).toEqual([])
  })
})
