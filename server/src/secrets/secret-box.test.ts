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
  it('can be unsealed by every instance with the same key', async () => {
    const sealed = await boxOf().seal('geheim', maya)
    expect(sealed).not.toContain('geheim')
    expect(await boxOf().unseal(sealed, maya)).toBe('geheim')
  })

  it('is different each time', async () => {
    const box = boxOf()
    expect(await box.seal('geheim', maya)).not.toBe(await box.seal('geheim', maya))
  })

  it('cannot be unsealed for another user or purpose', async () => {
    const box = boxOf()
    const sealed = await box.seal('geheim', maya)
    await expect(box.unseal(sealed, { ...maya, owner: 'boris' })).rejects.toThrow()
    await expect(box.unseal(sealed, { ...maya, purpose: 'sms' })).rejects.toThrow()
  })

  it('cannot be unsealed without its credential', async () => {
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

  it('cannot be unsealed if a single bit is changed or its tag is shortened', async () => {
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

  it('has a different keyed hash for each user and purpose', async () => {
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
  it('is created once, in a file that only its owner can read', async () => {
    await Promise.all([boxOf().open(), boxOf().open(), boxOf().open()])
    const file = join(dir, 'secrets.key')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(Buffer.from(await readFile(file, 'utf8'), 'base64')).toHaveLength(32)
  })

  it('is read from SECRETS_KEY if that is set, and no file is created', async () => {
    const key = randomBytes(32).toString('base64')
    const sealed = await boxOf({ SECRETS_KEY: key }).seal('geheim', maya)
    await expect(stat(join(dir, 'secrets.key'))).rejects.toThrow('ENOENT')
    expect(await boxOf({ SECRETS_KEY: key }).unseal(sealed, maya)).toBe('geheim')
  })

  it('is rejected with one line if it is not the key of the database', async () => {
    await boxOf({ SECRETS_KEY: randomBytes(32).toString('base64') }).open()
    await expect(boxOf({ SECRETS_KEY: randomBytes(32).toString('base64') }).open()).rejects.toThrow(
      /^SECRETS_KEY is not the key that the secrets in this database were sealed with\.$/,
    )
  })

  it('is not created again if its file is missing', async () => {
    await boxOf().open()
    await rm(join(dir, 'secrets.key'))
    await expect(boxOf().open()).rejects.toThrow(/secrets\.key is missing/)
    await expect(stat(join(dir, 'secrets.key'))).rejects.toThrow('ENOENT')
  })

  it('stays the old one if a replacement is interrupted before the commit', async () => {
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

  it('is replaced at the next start if a replacement was interrupted after the commit', async () => {
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

  it('must be 32 bytes in base64', async () => {
    for (const text of ['short', randomBytes(31).toString('base64'), 'ü'.repeat(43)]) {
      expect(() => configOf({ SECRETS_KEY: text })).toThrow(
        'SECRETS_KEY expects 32 bytes in base64, such as `openssl rand -base64 32` prints.',
      )
    }
    await writeFile(join(dir, 'secrets.key'), 'nonsense')
    await expect(boxOf().open()).rejects.toThrow(/must contain 32 bytes in base64/)
  })
})
