/**
 * Caches for a short time a value that every request needs and that rarely changes. This instance
 * clears the cache when it changes the value. Other instances see the change when their cache
 * expires.
 */
export class BriefCache<Value, Given extends unknown[] = []> {
  private kept: { readonly value: Promise<Value>; readonly until: number } | undefined

  constructor(
    private readonly read: (...given: Given) => Promise<Value>,
    private readonly forMs: number,
  ) {}

  /** The value, read again after it has expired. Concurrent callers share one read. */
  get(...given: Given): Promise<Value> {
    const now = performance.now()
    if (this.kept !== undefined && now < this.kept.until) return this.kept.value
    const kept = { value: this.read(...given), until: now + this.forMs }
    this.kept = kept
    // A failure affects only callers that are already waiting, not later ones.
    kept.value.catch(() => {
      if (this.kept === kept) this.kept = undefined
    })
    return kept.value
  }

  /** Clears the cache. Call it after the commit that changes the value. */
  forget(): void {
    this.kept = undefined
  }
}
