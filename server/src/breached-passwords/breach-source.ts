/** The kinds of sources. Codes never change: the operation list stores them. */
export const breachSourceKinds = ['FILE', 'RANGE_SERVICE'] as const

/** The kind of a source. */
export type BreachSourceKind = (typeof breachSourceKinds)[number]

/** Knows the SHA-1 hashes of breached passwords. */
export interface BreachSource {
  readonly kind: BreachSourceKind
  /**
   * Whether the source has this hash.
   *
   * @param sha1 40 uppercase hex digits.
   * @throws BreachSourceFailed, or an error of the file system, if the source cannot tell.
   */
  contains(sha1: string): Promise<boolean>
}

/**
 * A source that cannot tell whether it has a hash. Neither message nor code contains anything of the
 * hash, so both may be logged.
 */
export class BreachSourceFailed extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'BreachSourceFailed'
  }
}
