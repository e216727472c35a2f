import type { WritingUnitOfWork } from './unit-of-work.js'

// Classes of SQLSTATE in which the connection or the server ended, and the two codes with
// which PostgreSQL itself says that it does not know (40003, 08007).
const unknownStates = /^(?:08|57P|58|XX|40003)/

/**
 * Whether a failed COMMIT may have been carried out. If PostgreSQL answers with an error of its
 * own, the transaction was rolled back. If the connection broke, nobody heard the answer.
 */
export const mayBeCommitted = (failure: unknown): boolean => {
  const { code } = Object(failure) as { code?: unknown }
  const isState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE'
  return !isState || unknownStates.test(code)
}

/**
 * The connection broke while COMMIT was being answered: the transaction may be committed or not.
 * Never run its work again because of this error.
 */
export class CommitOutcomeUnknown extends Error {
  // Private to the runtime too: loggers print the other fields, and a result can hold tokens.
  readonly #unit: WritingUnitOfWork
  readonly #result: unknown

  constructor(unit: WritingUnitOfWork, result: unknown, cause: unknown) {
    super('It is not known whether the transaction was committed.', { cause })
    this.#unit = unit
    this.#result = result
  }

  /**
   * The result of the transaction, if its witness finds that it was committed.
   *
   * @throws what ended the connection, if nothing was committed; this error, if nobody can tell.
   */
  async resolve(): Promise<unknown> {
    const committed = await this.#unit.findOutcome()
    if (committed === undefined) throw this
    if (!committed) throw this.cause
    this.#unit.committed()
    return this.#result
  }
}
