import { TOTP } from 'otpauth'

const stepMs = 30_000
const sentWithinMs = 3_000

/** The code an authenticator app shows, some steps from now. */
export const totpCode = (secret: string, steps = 0): string =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + steps * stepMs })

/**
 * Waits for the next step where the present one is nearly over: the code of the step before is
 * refused from then on, and would be on its way still.
 */
export const untilStepLasts = async (): Promise<void> => {
  const left = stepMs - (Date.now() % stepMs)
  // Well into it: timers may be over a moment before the clock is there.
  if (left < sentWithinMs) await new Promise(done => setTimeout(done, left + 100))
}
