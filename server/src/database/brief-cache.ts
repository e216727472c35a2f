/**
 * Keeps what was read for a moment, for what every request asks and few ever change.
 * What it gives is at most so old: this instance forgets it when it changes it, others
 * see the change when their moment is over.
 */
export class BriefCache<Value, Given extends unknown[] = []> {
  private kept: { readonly value: Promise<Value>; readonly until: number } | undefined

  constructor(
    private readonly read: (...given: Given) => Promise<Value>,
    private readonly forMs: number,
  ) {}

  /** The value, read anew once the moment is over. Those who ask meanwhile share one reading. */
  get(...given: Given): Promise<Value> {
    const now = performance.now()
    if (this.kept !== undefined && now < this.kept.until) return this.kept.value
    const kept = { value: this.read(...given), until: now + this.forMs }
    this.kept = kept
    // A failure is for those who wait for it, not for those who come later.
    kept.value.catch(() => {
      if (this.kept === kept) this.kept = undefined
    })
    return kept.value
  }

  /** Has the next one read anew. After the commit of what changes the value. */
  forget(): void {
    this.kept = undefined
  }
}
