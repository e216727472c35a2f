import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { TestServer } from '../testing/test-server.js'
import { backUp } from './backup.js'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-backup-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const onSqlite = process.env.TEST_POSTGRES_URL ? it.skip : it

onSqlite('a backup of a file that is written to is whole, and can be run on', async () => {
  const server = await TestServer.start()
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

  const restored = await TestServer.start({ DATABASE_URL: `sqlite:${copy}` })
  try {
    const client = await restored.signedIn(admin)
    const { data } = await client.query('{ users(search: "person1") { totalCount } }')
    expect(data.users.totalCount).toBe(1)
    await restored.services.operations.idle()
    expect(await restored.services.operations.verify()).toMatchObject({ kind: 'unbroken' })
  } finally {
    await restored.stop()
  }
})

onSqlite('a backup overwrites nothing', async () => {
  const server = await TestServer.start()
  const copy = join(dir, 'copy.sqlite')
  await backUp(server.config.database, copy)
  await expect(backUp(server.config.database, copy)).rejects.toThrow('is there already')
  await server.stop()
})

it('a backup of PostgreSQL is left to its own programs', async () => {
  const database = { engine: 'postgres', url: 'postgres://x', poolSize: 2 } as const
  await expect(backUp(database, join(dir, 'x'))).rejects.toThrow('pg_dump')
})
