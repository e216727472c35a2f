import { Secret, TOTP } from 'otpauth'

/** Seconds of one step (RFC 6238, 5.2). */
const periodSeconds = 30
// Authenticator apps are sure of nothing but SHA-1 and six digits.
const settings = { algorithm: 'SHA1', digits: 6, period: periodSeconds } as const

/** A fresh secret in base32: 160 bits, as long as its hash (RFC 4226, 4). */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

/** What an authenticator app takes as a QR code. */
export const totpUri = (secret: string, login: string, issuer: string): string =>
  new TOTP({ ...settings, secret, label: login, issuer }).toString()

/** The latest step of which a code can be right at this time. */
export const latestTotpStep = (now: Date): number =>
  Math.floor(now.getTime() / (periodSeconds * 1000)) + 1

/**
 * The step to which a code belongs: this one, the one before or the one after, since
 * clocks differ and people type slowly (RFC 6238, 5.2). Null when it belongs to none.
 */
export const totpStepOf = (secret: string, code: string, now: Date): number | null => {
  if (!/^\d{6}$/.test(code)) return null
  const timestamp = now.getTime()
  const totp = new TOTP({ ...settings, secret })
  const delta = totp.validate({ token: code, timestamp, window: 1 })
  return delta === null ? null : totp.counter({ timestamp }) + delta
}
