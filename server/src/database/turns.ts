/** How long work waits for its turn, and the error if it waits too long. */
export interface Patience {
  readonly maxWaitMs: number
  readonly tooLong: () => Error
}

interface Waiting {
  readonly begin: () => void
}

/**
 * Gives turns to work: many run at once, or one runs exclusively. Exclusive work goes first and
 * blocks all other work. So a transaction that had conflicts is not overtaken by new ones, with
 * which it would conflict again.
 */
export class Turns {
  private readonly shared = new Set<Waiting>()
  private readonly exclusive = new Set<Waiting>()
  private running = 0
  private isExclusive = false
  private idle: (() => void)[] = []

  /** @param limit how many may run at once. */
  constructor(
    private readonly limit: number,
    private readonly patience: Patience,
  ) {}

  /**
   * Runs work beside other work. @throws the error of `tooLong` if its turn does not come in time.
   */
  share<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.enter(this.shared, work)
  }

  /** Runs work exclusively. @throws as {@link share}. */
  runExclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.enter(this.exclusive, work)
  }

  /** Waits until no work is running or waiting. */
  async drained(): Promise<void> {
    if (this.running + this.shared.size + this.exclusive.size === 0) return
    await new Promise<void>(resolve => this.idle.push(resolve))
  }

  private enter<Result>(line: Set<Waiting>, work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const waiting = {
        begin: () => {
          clearTimeout(timer)
          line.delete(waiting)
          this.running += 1
          this.isExclusive = line === this.exclusive
          work()
            .then(resolve, reject)
            .finally(() => {
              this.running -= 1
              this.isExclusive = false
              this.advance()
            })
        },
      }
      const timer = setTimeout(() => {
        line.delete(waiting)
        reject(this.patience.tooLong())
        this.advance()
      }, this.patience.maxWaitMs)
      line.add(waiting)
      this.advance()
    })
  }

  private advance(): void {
    if (this.isExclusive) return
    const [first] = this.exclusive
    if (first !== undefined) {
      if (this.running === 0) first.begin()
      return
    }
    for (const waiting of this.shared) {
      if (this.running === this.limit) return
      waiting.begin()
    }
    if (this.running > 0) return
    for (const resolve of this.idle.splice(0)) resolve()
  }
}
