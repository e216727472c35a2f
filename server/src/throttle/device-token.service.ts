import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Database } from '../database/database.js'
import * as store from './throttle.store.js'

const secretName = 'device-token'

/**
 * Knows the browsers in which someone has signed in before, by a token that says
 * so and nothing more (OWASP, Slow Down Online Guessing Attacks with Device
 * Cookies). It opens nothing: its bearer still needs the password.
 */
export class DeviceTokenService {
  private secret: Promise<Buffer> | undefined

  constructor(private readonly database: Database) {}

  /** A fresh token for a browser in which this user has just signed in. */
  async issue(userId: string): Promise<string> {
    const nonce = randomBytes(16).toString('base64url')
    return `${nonce}.${await this.sign(userId, nonce)}`
  }

  /** A name for the browser when the token was issued to it for this user, else null. */
  async recognize(token: string | undefined, userId: string | null): Promise<string | null> {
    const [nonce = '', signature = '', ...rest] = (token ?? '').split('.')
    if (nonce.length !== 22 || rest.length > 0) return null
    const expected = Buffer.from(await this.sign(userId ?? '', nonce))
    const given = Buffer.from(signature)
    const same = expected.length === given.length && timingSafeEqual(expected, given)
    return same && userId !== null ? nonce : null
  }

  private async sign(userId: string, nonce: string): Promise<string> {
    this.secret ??= this.readSecret()
    return createHmac('sha256', await this.secret)
      .update(`${userId}.${nonce}`)
      .digest('base64url')
  }

  private async readSecret(): Promise<Buffer> {
    const value = await this.database.write(async unit => {
      const kept = await store.findSecret(unit, secretName)
      if (kept !== null) return kept
      const made = randomBytes(32).toString('base64url')
      await store.insertSecret(unit, secretName, made)
      return made
    })
    return Buffer.from(value, 'base64url')
  }
}
