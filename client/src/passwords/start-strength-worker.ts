/** A password to judge. */
export interface StrengthQuestion {
  readonly password: string
  /** The words that an attacker would know: login and names. */
  readonly known: readonly string[]
}

/**
 * Starts a worker that answers each {@link StrengthQuestion} with the strength from 0 to 4. A phone
 * needs a second to prepare the dictionaries, and the page must not stand still in the meantime.
 */
export const startStrengthWorker = (): Worker =>
  new Worker(new URL('./strength.worker.ts', import.meta.url), { type: 'module' })
