import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { Config } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import type { Database } from '../database/database.js'
import type { Reseal, SealedData } from './sealed-data.js'
import * as store from './secret-box.store.js'
import type { SecretPurpose } from './secret-purpose.js'
import {
  makeSecretsKeyFile,
  newSecretsKeyFile,
  readSecretsKeyFile,
  useNewSecretsKeyFile,
} from './secrets-key.js'

/** Keys that are derived from the secrets key, one for each use (RFC 5869). */
interface DerivedKeys {
  /** Identifies the key without revealing anything about it. */
  readonly check: string
  readonly sealing: Buffer
  readonly signing: Buffer
}

/** The keys in use. */
interface Keys extends DerivedKeys {
  /**
   * Signing keys of earlier secrets keys, oldest first. The server cannot sign old texts again
   * with the new key, because only their holders know them.
   */
  readonly earlierSigning: readonly Buffer[]
}

const nonceBytes = 12
const tagBytes = 16
const version = 'v1'

/** The name of the database row with the signing keys of earlier secrets keys. */
const earlierSigningKeys = 'earlier-signing-keys'

const ownSecretOf = (name: string): SecretPurpose => ({ purpose: 'server', owner: name })

const derive = (key: Buffer, use: string, salt = ''): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, `rekey ${use}`, 32))

const keyFor = (key: Buffer, { credential }: SecretPurpose): Buffer =>
  credential === undefined ? key : derive(key, 'credential', credential)

/** True if the text is sealed. Plain base64url has no dot. */
const isSealed = (text: string): boolean => text.startsWith(`${version}.`)

const contextOf = ({ purpose, owner }: SecretPurpose): Buffer =>
  Buffer.from(JSON.stringify([purpose, owner]))

const deriveKeys = (key: Buffer): DerivedKeys => ({
  check: derive(key, 'check').toString('base64url'),
  sealing: derive(key, 'seal'),
  signing: derive(key, 'sign'),
})

const seal = ({ sealing }: DerivedKeys, secret: string, purpose: SecretPurpose): string => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', keyFor(sealing, purpose), nonce)
  cipher.setAAD(contextOf(purpose))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  const parts = Buffer.concat([nonce, cipher.getAuthTag(), sealed])
  return `${version}.${parts.toString('base64url')}`
}

const unseal = ({ sealing }: DerivedKeys, sealed: string, purpose: SecretPurpose): string => {
  const [format, text = ''] = sealed.split('.', 2)
  if (format !== version) throw new Error('A stored secret has an unknown format.')
  const parts = Buffer.from(text, 'base64url')
  const nonce = parts.subarray(0, nonceBytes)
  const decipher = createDecipheriv('aes-256-gcm', keyFor(sealing, purpose), nonce, {
    authTagLength: tagBytes,
  })
  decipher.setAAD(contextOf(purpose))
  decipher.setAuthTag(parts.subarray(nonceBytes, nonceBytes + tagBytes))
  const secret = decipher.update(parts.subarray(nonceBytes + tagBytes))
  return Buffer.concat([secret, decipher.final()]).toString('utf8')
}

const sign = (signing: Buffer, text: string, purpose: SecretPurpose): string => {
  const context = contextOf(purpose)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(context.length)
  return createHmac('sha256', keyFor(signing, purpose))
    .update(length)
    .update(context)
    .update(text)
    .digest('base64url')
}

/**
 * Encrypts secrets that the server must read again, such as those of authenticator apps, with
 * AES-256-GCM. The key is not in the database, so a copy of the database does not reveal them.
 * The owner and the purpose of a secret are authenticated with it, so nobody can move a row to
 * another user.
 */
export class SecretBox {
  private keys: Promise<Keys> | undefined

  constructor(
    private readonly database: Database,
    private readonly settings: Config['secrets'],
  ) {}

  /**
   * Reads the key, or creates it if the database never had one.
   *
   * @throws ConfigError if the database's secrets were sealed with another key.
   */
  async open(): Promise<void> {
    await this.derived()
  }

  /** Seals a secret. The result is different each time. */
  async seal(secret: string, purpose: SecretPurpose): Promise<string> {
    return seal(await this.derived(), secret, purpose)
  }

  /**
   * Unseals a secret.
   *
   * @throws if it was changed, or sealed for another purpose, owner or credential.
   */
  async unseal(sealed: string, purpose: SecretPurpose): Promise<string> {
    return unseal(await this.derived(), sealed, purpose)
  }

  /**
   * A keyed hash (HMAC-SHA-256, base64url), for texts that are short enough to guess from a
   * plain hash, such as six-digit codes.
   */
  async sign(text: string, purpose: SecretPurpose): Promise<string> {
    return sign((await this.derived()).signing, text, purpose)
  }

  /**
   * The keyed hashes of a text with this key and each earlier one, for texts that must still be
   * recognized after {@link replaceKey}.
   */
  async signWithEveryKey(text: string, purpose: SecretPurpose): Promise<string[]> {
    const { signing, earlierSigning } = await this.derived()
    return [signing, ...earlierSigning].map(key => sign(key, text, purpose))
  }

  /** True if the signature is the keyed hash of the text. */
  async verify(text: string, purpose: SecretPurpose, signature: string): Promise<boolean> {
    const expected = Buffer.from(await this.sign(text, purpose))
    const given = Buffer.from(signature)
    return expected.length === given.length && timingSafeEqual(expected, given)
  }

  /**
   * A secret that the server creates for itself, and that all its instances share: 256 random
   * bits, base64url. The database stores it sealed; an earlier version stored it in plain text.
   */
  async ownSecret(name: string): Promise<string> {
    const read = await this.database.read(unit => store.findValue(unit, name))
    if (read !== null && isSealed(read)) return this.unseal(read, ownSecretOf(name))
    const sealed = await this.seal(read ?? randomBytes(32).toString('base64url'), ownSecretOf(name))
    const stored = await this.database.write(unit => store.replaceValue(unit, name, read, sealed))
    return this.unseal(stored, ownSecretOf(name))
  }

  /**
   * Replaces the secrets key in one transaction: seals all sealed data again, and keeps the old
   * signing key for texts that cannot be signed again. No other process may use this database
   * meanwhile, because it would continue with the old key.
   *
   * @throws ConfigError if the new key is the current key.
   */
  async replaceKey(key: Buffer, sealed: readonly SealedData[]): Promise<void> {
    const before = await this.derived()
    const after = deriveKeys(key)
    if (after.check === before.check)
      throw new ConfigError(['The new secrets key is the same as the old one.'])
    const earlierSigning = [...before.earlierSigning, before.signing]
    const reseal: Reseal = (secret, purpose) =>
      seal(after, unseal(before, secret, purpose), purpose)
    await this.database.write(async unit => {
      if ((await store.findKeyCheck(unit)) !== before.check) {
        throw new Error('Another process has replaced the secrets key.')
      }
      for (const prepare of sealed) await prepare(unit, reseal)
      for (const { name, value } of await store.listValues(unit)) {
        if (isSealed(value)) await store.saveValue(unit, name, reseal(value, ownSecretOf(name)))
      }
      const texts = earlierSigning.map(signing => signing.toString('base64url'))
      const kept = seal(after, texts.join(' '), ownSecretOf(earlierSigningKeys))
      await store.saveValue(unit, earlierSigningKeys, kept)
      await store.saveKeyCheck(unit, after.check)
    })
    this.keys = Promise.resolve({ ...after, earlierSigning })
  }

  private derived(): Promise<Keys> {
    if (this.keys === undefined) {
      const keys = this.derive()
      this.keys = keys
      // If it fails, the current callers get the error, and later calls try again.
      keys.catch(() => {
        if (this.keys === keys) this.keys = undefined
      })
    }
    return this.keys
  }

  private async derive(): Promise<Keys> {
    const known = await this.database.read(unit => store.findKeyCheck(unit))
    const given = deriveKeys(await this.readKey(known !== null))
    const kept = known ?? (await this.database.write(unit => store.keepKeyCheck(unit, given.check)))
    const keys = kept === given.check ? given : await this.finishReplacement(kept)
    const earlier = await this.database.read(unit => store.findValue(unit, earlierSigningKeys))
    const texts =
      earlier === null ? [] : unseal(keys, earlier, ownSecretOf(earlierSigningKeys)).split(' ')
    return { ...keys, earlierSigning: texts.map(text => Buffer.from(text, 'base64url')) }
  }

  /**
   * Replaces the key file with the new one if a replacement was interrupted after its
   * transaction.
   */
  private async finishReplacement(check: string): Promise<DerivedKeys> {
    const { key, file } = this.settings
    const next = key === null ? await readSecretsKeyFile(newSecretsKeyFile(file)) : null
    const keys = next && deriveKeys(next)
    if (keys?.check !== check) {
      throw new ConfigError([
        `${this.name} is not the key that the secrets in this database were sealed with.`,
      ])
    }
    await useNewSecretsKeyFile(file)
    return keys
  }

  private async readKey(sealedBefore: boolean): Promise<Buffer> {
    const { key, file } = this.settings
    if (key !== null) return key
    const kept = await readSecretsKeyFile(file)
    if (kept !== null) return kept
    if (sealedBefore) {
      throw new ConfigError([
        `${file} is missing, and the secrets in this database were sealed with it. Restore the file, or set SECRETS_KEY.`,
      ])
    }
    return makeSecretsKeyFile(file)
  }

  private get name(): string {
    return this.settings.key === null ? this.settings.file : 'SECRETS_KEY'
  }
}
