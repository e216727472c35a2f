/** How long work waits for its turn, and how it is told that it waited too long. */
export interface Patience {
  readonly longestWaitMs: number
  readonly tooLong: () => Error
}

interface Waiting {
  readonly begin: () => void
}

/**
 * Gives turns to work: many run at once, or one runs alone. Work that must run alone goes first and
 * holds back all other work. So a transaction that clashed with others is not overtaken by new
 * ones, which would clash with it again.
 */
export class Turns {
  private readonly shared = new Set<Waiting>()
  private readonly alone = new Set<Waiting>()
  private running = 0
  private isAlone = false
  private idle: (() => void)[] = []

  /** @param atOnce how many may run at once. */
  constructor(
    private readonly atOnce: number,
    private readonly patience: Patience,
  ) {}

  /** Runs work beside other work. @throws what `tooLong` makes, if its turn does not come in time. */
  share<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.enter(this.shared, work)
  }

  /** Runs work while nothing else runs. @throws as {@link share}. */
  takeAlone<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.enter(this.alone, work)
  }

  /** Waits until nothing runs or waits. */
  async drained(): Promise<void> {
    if (this.running + this.shared.size + this.alone.size === 0) return
    await new Promise<void>(resolve => this.idle.push(resolve))
  }

  private enter<Result>(line: Set<Waiting>, work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const waiting = {
        begin: () => {
          clearTimeout(timer)
          line.delete(waiting)
          this.running += 1
          this.isAlone = line === this.alone
          work()
            .then(resolve, reject)
            .finally(() => {
              this.running -= 1
              this.isAlone = false
              this.advance()
            })
        },
      }
      const timer = setTimeout(() => {
        line.delete(waiting)
        reject(this.patience.tooLong())
        this.advance()
      }, this.patience.longestWaitMs)
      line.add(waiting)
      this.advance()
    })
  }

  private advance(): void {
    if (this.isAlone) return
    const [first] = this.alone
    if (first !== undefined) {
      if (this.running === 0) first.begin()
      return
    }
    for (const waiting of this.shared) {
      if (this.running === this.atOnce) return
      waiting.begin()
    }
    if (this.running > 0) return
    for (const tell of this.idle.splice(0)) tell()
  }
}
