import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Database } from '../database/database.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import * as store from './throttle.store.js'

/** The data of a user that a device token depends on. */
export interface DeviceUser {
  readonly id: string
  readonly passwordChangedAt: Date | null
}

interface Signing {
  readonly key: Buffer
  /** See {@link store.findDeviceTokensBoundSince}. */
  readonly boundSince: Date | null
}

/**
 * Recognizes browsers in which someone has signed in before, by a token that proves only that
 * (OWASP, Slow Down Online Guessing Attacks with Device Cookies). It grants no access: its bearer
 * still needs the password. It ends when the password changes, so that a thief of the cookie cannot
 * guess the next password without waits.
 */
export class DeviceTokenService {
  private signing: Promise<Signing> | undefined

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
  ) {}

  /** Reads the key, or creates it. Encrypts a key that an earlier version stored as plain text. */
  async open(): Promise<void> {
    await this.readSigning()
  }

  /** A new token for a browser in which this user has just proved their identity. */
  async issue(user: DeviceUser): Promise<string> {
    const { key } = await this.readSigning()
    const nonce = randomBytes(16).toString('base64url')
    return `${nonce}.${sign(key, boundTo(user), nonce)}`
  }

  /** A name for the browser if the token was issued to it for this user; otherwise null. */
  async recognize(token: string | undefined, user: DeviceUser | null): Promise<string | null> {
    const [nonce = '', signature = '', ...rest] = (token ?? '').split('.')
    if (nonce.length !== 22 || rest.length > 0) return null
    const { key, boundSince } = await this.readSigning()
    // Do the same work for a login that does not exist.
    const { id, passwordChangedAt } = user ?? { id: '', passwordChangedAt: null }
    const bound = isSame(sign(key, boundTo({ id, passwordChangedAt }), nonce), signature)
    const unbound = isSame(sign(key, id, nonce), signature)
    const unboundIsValid = boundSince !== null && Number(passwordChangedAt) < boundSince.getTime()
    return user !== null && (bound || (unbound && unboundIsValid)) ? nonce : null
  }

  private readSigning(): Promise<Signing> {
    if (this.signing === undefined) {
      const signing = this.readKey()
      this.signing = signing
      // The next caller tries again.
      signing.catch(() => {
        if (this.signing === signing) this.signing = undefined
      })
    }
    return this.signing
  }

  private async readKey(): Promise<Signing> {
    const key = Buffer.from(await this.secrets.ownSecret('device-token'), 'base64url')
    const boundSince = await this.database.read(unit => store.findDeviceTokensBoundSince(unit))
    return { key, boundSince }
  }
}

const boundTo = ({ id, passwordChangedAt }: DeviceUser): string =>
  `${id}.${passwordChangedAt?.getTime() ?? ''}`

const sign = (key: Buffer, subject: string, nonce: string): string =>
  createHmac('sha256', key).update(`${subject}.${nonce}`).digest('base64url')

const isSame = (expected: string, given: string): boolean => {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)]
  return left.length === right.length && timingSafeEqual(left, right)
}
