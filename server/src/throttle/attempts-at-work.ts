const ignore = (): void => undefined

/** The attempts that this instance is verifying, by the keys of their counts. */
export class AttemptsAtWork {
  private readonly byKey = new Map<string, Set<Promise<void>>>()

  /** Runs the verification of an attempt and keeps track of it until it ends. */
  async during<Result>(keys: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const result = work()
    const end = result.then(ignore, ignore)
    for (const key of keys) this.byKey.set(key, (this.byKey.get(key) ?? new Set()).add(end))
    try {
      return await result
    } finally {
      for (const key of keys) {
        const ends = this.byKey.get(key)
        ends?.delete(end)
        if (ends?.size === 0) this.byKey.delete(key)
      }
    }
  }

  /**
   * Waits for the attempts that are being verified now under one of these keys.
   *
   * @returns false if there are none.
   */
  async waitFor(keys: readonly string[]): Promise<boolean> {
    const ends = keys.flatMap(key => [...(this.byKey.get(key) ?? [])])
    await Promise.all(ends)
    return ends.length > 0
  }
}
