import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { entities } from '../app/features.js'
import { ConfigError } from '../config/config-error.js'
import { freePort } from '../testing/free-port.js'
import { openDatabase } from './open-database.js'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-test-'))
})
afterAll(() => rm(dir, { recursive: true }))

describe('a database that can’t be opened', () => {
  it('is refused with the settings that name it, where it is a file of something else, which stays as it is', async () => {
    const file = join(dir, 'notes.txt')
    await writeFile(file, 'No database at all.'.repeat(100), { mode: 0o644 })
    const before = await stat(file)
    const opening = openDatabase({ engine: 'sqlite', file }, entities)
    await expect(opening).rejects.toBeInstanceOf(ConfigError)
    await expect(opening).rejects.toThrow(/^DATA_DIR or DATABASE_URL: .*is no SQLite database\.$/)
    const { mode, size } = await stat(file)
    expect({ mode, size }).toEqual({ mode: before.mode, size: before.size })
  })

  it('and where its folder can’t be made', async () => {
    const file = join(dir, 'notes.txt', 'rekey.sqlite')
    await writeFile(join(dir, 'notes.txt'), '')
    const opening = openDatabase({ engine: 'sqlite', file }, entities)
    await expect(opening).rejects.toThrow(/^DATA_DIR or DATABASE_URL: .*notes\.txt/)
  })

  it.each(['127.0.0.1', 'localhost'])(
    'and where no server is on %s, without the password it was to be asked with',
    async host => {
      const url = `postgres://rekey:Secret-Word-1@${host}:${await freePort()}/rekey`
      const opening = openDatabase({ engine: 'postgres', url, poolSize: 3 }, entities)
      await expect(opening).rejects.toThrow(/^DATABASE_URL: .*ECONNREFUSED/)
      await expect(opening).rejects.not.toThrow(/Secret/)
    },
  )
})
