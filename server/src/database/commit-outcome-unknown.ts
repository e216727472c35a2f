import type { WritingUnitOfWork } from './unit-of-work.js'

// SQLSTATE classes in which the connection or the server ended, and the two codes with which
// PostgreSQL says that the outcome is unknown (40003, 08007).
const unknownStates = /^(?:08|57P|58|XX|40003)/

/**
 * Whether a failed COMMIT may have been executed. If PostgreSQL answers with another error, it has
 * rolled the transaction back. If the connection broke, its answer was lost.
 */
export const mayBeCommitted = (failure: unknown): boolean => {
  const { code } = Object(failure) as { code?: unknown }
  const isState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE'
  return !isState || unknownStates.test(code)
}

/**
 * The connection broke before COMMIT was answered, so the transaction may or may not be committed.
 * Never run its work again because of this error.
 */
export class CommitOutcomeUnknown extends Error {
  // A private field, because loggers print the other fields and a result can contain tokens.
  readonly #unit: WritingUnitOfWork
  readonly #result: unknown

  constructor(unit: WritingUnitOfWork, result: unknown, cause: unknown) {
    super('The outcome of the transaction is unknown.', { cause })
    this.#unit = unit
    this.#result = result
  }

  /**
   * Returns the result of the transaction if its witness finds out that it was committed.
   *
   * @throws the error that ended the connection if nothing was committed; this error if the outcome
   * stays unknown.
   */
  async resolve(): Promise<unknown> {
    const committed = await this.#unit.findOutcome()
    if (committed === undefined) throw this
    if (!committed) throw this.cause
    this.#unit.committed()
    return this.#result
  }
}
