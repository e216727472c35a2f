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
import * as store from './secret-box.store.js'
import { makeSecretsKeyFile, readSecretsKeyFile } from './secrets-key.js'

/** What a secret is for, and whose it is. It opens for nothing and nobody else. */
export interface SecretPurpose {
  /** Such as `totp`. */
  readonly purpose: string
  /** Whose it is: a user, or what stands for one before they are known. */
  readonly owner: string
  /**
   * A token of 256 random bits that its holder shows each time and the server keeps nowhere.
   * Without it the secret opens for nobody, whoever has the key and the database.
   */
  readonly credential?: string
}

/** Keys of their own for what is done with the one key (RFC 5869). */
interface DerivedKeys {
  readonly sealing: Buffer
  readonly signing: Buffer
}

const nonceBytes = 12
const tagBytes = 16
const version = 'v1'

const ownSecretOf = (name: string): SecretPurpose => ({ purpose: 'server', owner: name })

const derive = (key: Buffer, use: string, salt = ''): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, `rekey ${use}`, 32))

const keyFor = (key: Buffer, { credential }: SecretPurpose): Buffer =>
  credential === undefined ? key : derive(key, 'credential', credential)

/** Whether this was sealed; base64url alone has no dot. */
const isSealed = (text: string): boolean => text.startsWith(`${version}.`)

const contextOf = ({ purpose, owner }: SecretPurpose): Buffer =>
  Buffer.from(JSON.stringify([purpose, owner]))

/**
 * Keeps secrets that must be read again, such as those of authenticator apps, so that
 * a copy of the database is worth nothing: AES-256-GCM under a key that is not in it.
 * Whose a secret is and what it is for are authenticated with it, so a row can't be
 * moved to another user.
 */
export class SecretBox {
  private keys: Promise<DerivedKeys> | undefined

  constructor(
    private readonly database: Database,
    private readonly settings: Config['secrets'],
  ) {}

  /**
   * Reads the key, or makes it when there was never any.
   *
   * @throws ConfigError when it is not the key the database's secrets were sealed with.
   */
  async open(): Promise<void> {
    await this.derived()
  }

  /** Seals a secret. The same one looks different each time. */
  async seal(secret: string, purpose: SecretPurpose): Promise<string> {
    const { sealing } = await this.derived()
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', keyFor(sealing, purpose), nonce)
    cipher.setAAD(contextOf(purpose))
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
    const parts = Buffer.concat([nonce, cipher.getAuthTag(), sealed])
    return `${version}.${parts.toString('base64url')}`
  }

  /**
   * Opens what was sealed.
   *
   * @throws when it was changed, or sealed for another purpose, owner or credential.
   */
  async unseal(sealed: string, purpose: SecretPurpose): Promise<string> {
    const { sealing } = await this.derived()
    const [format, text = ''] = sealed.split('.', 2)
    if (format !== version) throw new Error('A secret is kept in a form that is not known.')
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

  /**
   * A keyed hash (HMAC-SHA-256, base64url), for what is too short to withstand being
   * guessed from its hash, such as a code of six digits.
   */
  async sign(text: string, purpose: SecretPurpose): Promise<string> {
    const { signing } = await this.derived()
    const context = contextOf(purpose)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(context.length)
    const mac = createHmac('sha256', keyFor(signing, purpose))
      .update(length)
      .update(context)
      .update(text)
    return mac.digest('base64url')
  }

  /** True when this is the keyed hash of the text. */
  async verify(text: string, purpose: SecretPurpose, signature: string): Promise<boolean> {
    const expected = Buffer.from(await this.sign(text, purpose))
    const given = Buffer.from(signature)
    return expected.length === given.length && timingSafeEqual(expected, given)
  }

  /**
   * A secret that the server creates for itself, and that all its instances share: 256 random
   * bits, base64url. The database has it sealed; an earlier version stored it in clear.
   */
  async ownSecret(name: string): Promise<string> {
    const read = await this.database.read(unit => store.findValue(unit, name))
    if (read !== null && isSealed(read)) return this.unseal(read, ownSecretOf(name))
    const sealed = await this.seal(read ?? randomBytes(32).toString('base64url'), ownSecretOf(name))
    const stored = await this.database.write(unit => store.replaceValue(unit, name, read, sealed))
    return this.unseal(stored, ownSecretOf(name))
  }

  private derived(): Promise<DerivedKeys> {
    if (this.keys === undefined) {
      const keys = this.derive()
      this.keys = keys
      // A failure is for those who wait for it; who comes later tries again.
      keys.catch(() => {
        if (this.keys === keys) this.keys = undefined
      })
    }
    return this.keys
  }

  private async derive(): Promise<DerivedKeys> {
    const known = await this.database.read(unit => store.findKeyCheck(unit))
    const key = await this.readKey(known !== null)
    // Tells the key from another one, and nothing about it.
    const check = derive(key, 'check').toString('base64url')
    const kept = known ?? (await this.database.write(unit => store.keepKeyCheck(unit, check)))
    if (kept !== check) {
      throw new ConfigError([
        `${this.name} is not the key the secrets in this database were sealed with.`,
      ])
    }
    return { sealing: derive(key, 'seal'), signing: derive(key, 'sign') }
  }

  private async readKey(sealedBefore: boolean): Promise<Buffer> {
    const { key, file } = this.settings
    if (key !== null) return key
    const kept = await readSecretsKeyFile(file)
    if (kept !== null) return kept
    if (sealedBefore) {
      throw new ConfigError([
        `${file} is missing, and the secrets in this database were sealed with it: bring it back, or set SECRETS_KEY.`,
      ])
    }
    return makeSecretsKeyFile(file)
  }

  private get name(): string {
    return this.settings.key === null ? this.settings.file : 'SECRETS_KEY'
  }
}
