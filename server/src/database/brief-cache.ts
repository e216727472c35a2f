/**
 * Caches for a short time a value that every request needs and that rarely changes. This instance
 * clears the cache when it changes the value. Other instances see the change when their cache
 * expires.
 */
export class BriefCache<Value, Arguments extends unknown[] = []> {
  private entry: { readonly value: Promise<Value>; readonly until: number } | undefined

  constructor(
    private readonly read: (...args: Arguments) => Promise<Value>,
    private readonly forMs: number,
  ) {}

  /** The value, read again after it has expired. Concurrent callers share one read. */
  get(...args: Arguments): Promise<Value> {
    const now = performance.now()
    if (this.entry !== undefined && now < this.entry.until) return this.entry.value
    const entry = { value: this.read(...args), until: now + this.forMs }
    this.entry = entry
    // A failure affects only callers that are already waiting, not later ones.
    entry.value.catch(() => {
      if (this.entry === entry) this.entry = undefined
    })
    return entry.value
  }

  /** Clears the cache. Call it after the commit that changes the value. */
  forget(): void {
    this.entry = undefined
  }
}
