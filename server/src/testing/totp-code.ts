import { TOTP } from 'otpauth'

/** The code an authenticator app shows, some steps from now. */
export const totpCode = (secret: string, steps = 0): string =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 })
