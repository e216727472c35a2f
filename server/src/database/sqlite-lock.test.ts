import { mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { runBuiltWith } from '../testing/built-program.js'
import { ServerProcess } from '../testing/server-process.js'

// The lock is only for SQLite; these tests start their own processes.
const onSqlite = process.env.TEST_POSTGRES_URL ? it.skip : it

let dir: string
let server: ServerProcess | undefined
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-lock-'))
})
afterEach(async () => {
  await server?.kill()
  server = undefined
  await rm(dir, { recursive: true, force: true })
})

const refusal = {
  code: 1,
  stdout: '',
  stderr: expect.stringMatching(
    /^Another server uses [^\n]*rekey\.sqlite\. A SQLite file can have only one server: [^\n]*\n$/,
  ),
}

onSqlite('ends a second server on a SQLite file with one line', async () => {
  server = await ServerProcess.start(dir, {})
  await expect(runBuiltWith({ DATA_DIR: dir, PORT: '0' }, 'main')).rejects.toMatchObject(refusal)
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
})

onSqlite('rejects a second server also under another name of the file', async () => {
  server = await ServerProcess.start(dir, {})
  const other = join(dir, 'other')
  await symlink(dir, other)
  await symlink(join(dir, 'rekey.sqlite'), join(dir, 'link.sqlite'))
  for (const settings of [
    { DATA_DIR: other },
    { DATA_DIR: dir, DATABASE_URL: `sqlite:${join(dir, 'link.sqlite')}` },
  ]) {
    const starting = runBuiltWith({ PORT: '0', ...settings }, 'main')
    await expect(starting).rejects.toMatchObject(refusal)
  }
})

onSqlite(
  'starts the next server after the first one was killed, and after it has stopped',
  async () => {
    server = await ServerProcess.start(dir, {})
    await server.kill()
    server = await ServerProcess.start(dir, {})
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    await server.stop()
    server = await ServerProcess.start(dir, {})
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  },
)

onSqlite('runs commands while a server is running, without using its lock', async () => {
  server = await ServerProcess.start(dir, {})
  const beside = { DATA_DIR: dir }
  await runBuiltWith(beside, 'rekey', 'backup', join(dir, 'copy.sqlite'))
  await runBuiltWith(beside, 'demo/seed', '--users', '10')
  await runBuiltWith(beside, 'verify-operations')
  expect(await runBuiltWith(beside, 'rekey', 'ip:off')).toContain('off already')
  await expect(runBuiltWith({ DATA_DIR: dir, PORT: '0' }, 'main')).rejects.toMatchObject(refusal)
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
})

onSqlite('locks the file while a server recovers the changes of a killed one', async () => {
  server = await ServerProcess.start(dir, {})
  await runBuiltWith({ DATA_DIR: dir }, 'demo/seed', '--users', '10')
  await server.kill()
  expect((await stat(join(dir, 'rekey.sqlite-wal'))).size).toBeGreaterThan(32)
  server = await ServerProcess.start(dir, {})
  await expect(runBuiltWith({ DATA_DIR: dir, PORT: '0' }, 'main')).rejects.toMatchObject(refusal)
})

onSqlite('makes the files beside the database readable only by the owner', async () => {
  const before = process.umask(0o022)
  server = await ServerProcess.start(dir, {})
  process.umask(before)
  const names = (await readdir(dir)).filter(name => name.startsWith('rekey.sqlite.'))
  expect(names.sort()).toEqual(['rekey.sqlite.lock', 'rekey.sqlite.mark'])
  for (const name of names) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600)
})
