import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { runBuiltWith } from '../testing/built-program.js'
import { ServerProcess } from '../testing/server-process.js'

const onSqlite = process.env.TEST_POSTGRES_URL ? it.skip : it
const key = Buffer.alloc(32, 'a key').toString('base64')

let dir: string
let server: ServerProcess | undefined
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-lost-'))
})
afterEach(async () => {
  await server?.kill()
  server = undefined
  await rm(dir, { recursive: true, force: true })
})

/** An installation that a server has used and left. */
const install = async (settings: Record<string, string> = {}): Promise<void> => {
  const first = await ServerProcess.start(dir, settings)
  await first.stop()
}

onSqlite.each<[string, () => Promise<void>]>([
  ['gone', () => rm(join(dir, 'rekey.sqlite'))],
  ['empty', () => truncate(join(dir, 'rekey.sqlite'))],
])('starts neither a server nor a seed if the file is %s', async (_, lose) => {
  await install()
  await lose()
  const before = await readdir(dir)
  for (const program of ['main', 'demo/seed']) {
    await expect(runBuiltWith({ DATA_DIR: dir, PORT: '0' }, program)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /The database is missing: [\s\S]*secrets\.key and [\s\S]* restore <the backup>[\s\S]* --new-installation\n$/,
      ),
    })
  }
  expect(await readdir(dir)).toEqual(before)
})

onSqlite('notices a lost file if the key is not in the folder', async () => {
  await install({ SECRETS_KEY: key })
  await rm(join(dir, 'rekey.sqlite'))
  const starting = runBuiltWith({ DATA_DIR: dir, PORT: '0', SECRETS_KEY: key }, 'main')
  await expect(starting).rejects.toMatchObject({
    stderr: expect.stringContaining('rekey.sqlite.mark exists'),
  })
})

onSqlite('starts a new installation if the operator asks for it', async () => {
  await install()
  await rm(join(dir, 'rekey.sqlite'))
  server = await ServerProcess.start(dir, {}, ['--new-installation'])
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
})

onSqlite('needs no option for a new installation in an empty folder', async () => {
  await writeFile(join(dir, 'rekey.sqlite'), '')
  server = await ServerProcess.start(dir, {})
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
})
