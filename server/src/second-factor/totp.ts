import { Secret, TOTP } from 'otpauth'

/** The length of a step in seconds (RFC 6238, 5.2). */
const periodSeconds = 30
// SHA-1 and six digits are the only settings that all authenticator apps support.
const settings = { algorithm: 'SHA1', digits: 6, period: periodSeconds } as const

/** A new secret in base32: 160 bits, as long as the hash (RFC 4226, 4). */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

/** The URI that authenticator apps read from a QR code. */
export const totpUri = (secret: string, login: string, issuer: string): string =>
  new TOTP({ ...settings, secret, label: login, issuer }).toString()

/** The latest step whose code is accepted at this time. */
export const latestTotpStep = (now: Date): number =>
  Math.floor(now.getTime() / (periodSeconds * 1000)) + 1

/**
 * The step that a code belongs to: the current one, the one before or the one after, because
 * clocks differ and people type slowly (RFC 6238, 5.2). Null if the code is wrong.
 */
export const totpStepOf = (secret: string, code: string, now: Date): number | null => {
  if (!/^\d{6}$/.test(code)) return null
  const timestamp = now.getTime()
  const totp = new TOTP({ ...settings, secret })
  const delta = totp.validate({ token: code, timestamp, window: 1 })
  return delta === null ? null : totp.counter({ timestamp }) + delta
}
