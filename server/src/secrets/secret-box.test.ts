import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { entities } from '../app/features.js'
import { readConfig } from '../config/config.js'
import type { Database } from '../database/database.js'
import { openDatabase } from '../database/open-database.js'
import { type ThrowAwayDatabase, throwAwayDatabase } from '../testing/throw-away-database.js'
import type { SealedData } from './sealed-data.js'
import { SecretBox } from './secret-box.service.js'
import { makeNewSecretsKeyFile } from './secrets-key.js'

let dir: string
let database: Database
let throwAway: ThrowAwayDatabase | null

const configOf = (environment: Record<string, string> = {}) =>
  readConfig({ DATABASE_URL: throwAway?.url ?? '', DATA_DIR: dir, ...environment }, dir)

const boxOf = (environment: Record<string, string> = {}) =>
  new SecretBox(database, configOf(environment).secrets)

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-secrets-'))
  throwAway = await throwAwayDatabase()
  database = await openDatabase(configOf().database, entities)
})
afterEach(async () => {
  await database.close()
  await throwAway?.drop()
  await rm(dir, { recursive: true })
})

const maya = { purpose: 'totp', owner: 'maya' }

describe('a sealed secret', () => {
  it('is read again by who sealed it, and by another instance with the same key', async () => {
    const sealed = await boxOf().seal('geheim', maya)
    expect(sealed).not.toContain('geheim')
    expect(await boxOf().unseal(sealed, maya)).toBe('geheim')
  })

  it('looks different each time', async () => {
    const box = boxOf()
    expect(await box.seal('geheim', maya)).not.toBe(await box.seal('geheim', maya))
  })

  it('opens for no other user and no other purpose', async () => {
    const box = boxOf()
    const sealed = await box.seal('geheim', maya)
    await expect(box.unseal(sealed, { ...maya, owner: 'boris' })).rejects.toThrow()
    await expect(box.unseal(sealed, { ...maya, purpose: 'sms' })).rejects.toThrow()
  })

  it('opens for nobody without the credential it was sealed with', async () => {
    const box = boxOf()
    const held = { ...maya, credential: randomBytes(32).toString('base64url') }
    const other = { ...maya, credential: randomBytes(32).toString('base64url') }
    const sealed = await box.seal('geheim', held)
    expect(await boxOf().unseal(sealed, held)).toBe('geheim')
    for (const purpose of [maya, other, { ...maya, credential: '' }]) {
      await expect(box.unseal(sealed, purpose)).rejects.toThrow()
      expect(await box.sign('geheim', purpose)).not.toBe(await box.sign('geheim', held))
    }
    await expect(box.unseal(await box.seal('geheim', maya), held)).rejects.toThrow()
  })

  it('does not open once a single bit of it was changed, or its tag cut short', async () => {
    const box = boxOf()
    const sealed = await box.seal('geheim', maya)
    const parts = Buffer.from(sealed.slice(3), 'base64url')
    for (const index of parts.keys()) {
      const changed = Buffer.from(parts)
      changed[index] = (changed[index] ?? 0) ^ 1
      await expect(box.unseal(`v1.${changed.toString('base64url')}`, maya)).rejects.toThrow()
    }
    const short = parts.subarray(0, 20).toString('base64url')
    await expect(box.unseal(`v1.${short}`, maya)).rejects.toThrow()
    await expect(box.unseal(`v2.${sealed.slice(3)}`, maya)).rejects.toThrow()
  })

  it('is hashed apart for each user and purpose', async () => {
    const box = boxOf()
    const hashes = [
      await box.sign('123456', maya),
      await box.sign('123456', { ...maya, owner: 'boris' }),
      await box.sign('123456', { ...maya, purpose: 'sms' }),
    ]
    expect(new Set(hashes).size).toBe(3)
    expect(await boxOf().sign('123456', maya)).toBe(hashes[0])
  })
})

describe('the key', () => {
  it('is made once, in a file that its owner alone can read', async () => {
    await Promise.all([boxOf().open(), boxOf().open(), boxOf().open()])
    const file = join(dir, 'secrets.key')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(Buffer.from(await readFile(file, 'utf8'), 'base64')).toHaveLength(32)
  })

  it('is taken from SECRETS_KEY, and then no file is made', async () => {
    const key = randomBytes(32).toString('base64')
    const sealed = await boxOf({ SECRETS_KEY: key }).seal('geheim', maya)
    await expect(stat(join(dir, 'secrets.key'))).rejects.toThrow('ENOENT')
    expect(await boxOf({ SECRETS_KEY: key }).unseal(sealed, maya)).toBe('geheim')
  })

  it('is refused in one line when it is not the database’s', async () => {
    await boxOf({ SECRETS_KEY: randomBytes(32).toString('base64') }).open()
    await expect(boxOf({ SECRETS_KEY: randomBytes(32).toString('base64') }).open()).rejects.toThrow(
      /^SECRETS_KEY is not the key the secrets in this database were sealed with\.$/,
    )
  })

  it('is not made anew when its file is gone', async () => {
    await boxOf().open()
    await rm(join(dir, 'secrets.key'))
    await expect(boxOf().open()).rejects.toThrow(/secrets\.key is missing/)
    await expect(stat(join(dir, 'secrets.key'))).rejects.toThrow('ENOENT')
  })

  it('stays the old one if its replacement is interrupted before the commit', async () => {
    const sealed = await boxOf().seal('geheim', maya)
    const file = join(dir, 'secrets.key')
    await makeNewSecretsKeyFile(file)
    const failing: SealedData = async () => {
      throw new Error('The power is out.')
    }
    const next = await makeNewSecretsKeyFile(file)
    await expect(boxOf().replaceKey(next, [failing])).rejects.toThrow('The power is out.')
    expect(await boxOf().unseal(sealed, maya)).toBe('geheim')
    await boxOf().replaceKey(await makeNewSecretsKeyFile(file), [])
  })

  it('is put in place at the next start if its replacement is interrupted after the commit', async () => {
    const box = boxOf()
    const signed = await box.sign('a code', maya)
    const file = join(dir, 'secrets.key')
    const next = await makeNewSecretsKeyFile(file)
    await box.replaceKey(next, [])
    expect(await readFile(file, 'utf8')).not.toBe(`${next.toString('base64')}\n`)

    const started = boxOf()
    await started.open()
    expect(await readFile(file, 'utf8')).toBe(`${next.toString('base64')}\n`)
    expect(await readdir(dir)).not.toContain('secrets.key.new')
    expect(await started.sign('a code', maya)).not.toBe(signed)
    expect(await started.signWithEveryKey('a code', maya)).toContain(signed)
    expect(await box.seal('geheim', maya).then(text => started.unseal(text, maya))).toBe('geheim')
  })

  it('takes 32 bytes in base64 and nothing else', async () => {
    for (const text of ['short', randomBytes(31).toString('base64'), 'ü'.repeat(43)]) {
      expect(() => configOf({ SECRETS_KEY: text })).toThrow(
        'SECRETS_KEY expects 32 bytes in base64, such as `openssl rand -base64 32` prints.',
      )
    }
    await writeFile(join(dir, 'secrets.key'), 'nonsense')
    await expect(boxOf().open()).rejects.toThrow(/takes 32 bytes in base64/)
  })
})
