import { TOTP } from 'otpauth'

const stepMs = 30_000
const sentWithinMs = 3_000

/** The code that an authenticator app shows `steps` time steps from now. */
export const totpCode = (secret: string, steps = 0): string =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + steps * stepMs })

/**
 * If the current time step ends soon, waits for the next one. The server rejects the code of the
 * previous step once a new step begins, even if the code is on its way.
 */
export const untilStepLasts = async (): Promise<void> => {
  const left = stepMs - (Date.now() % stepMs)
  // A little longer, because a timer may fire just before the clock reaches the step.
  if (left < sentWithinMs) await new Promise(done => setTimeout(done, left + 100))
}
