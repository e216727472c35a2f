import { rateLimited } from '../graphql/api-error.js'

/**
 * Requests of signed-in callers that are worked on at once. With more of the heaviest ones, a
 * light request would wait longer than a second for its turn.
 */
export const maxConcurrent = { all: 160, perCaller: 80 } as const

/**
 * Bounds how many requests of signed-in callers are worked on at once, so that nobody keeps the
 * server from everyone else. Signing in has its own bounds: it must not have to wait for these.
 */
export class ConcurrentRequests {
  private all = 0
  private readonly byCaller = new Map<string, number>()

  constructor(private readonly most: { all: number; perCaller: number } = maxConcurrent) {}

  /**
   * Counts a request.
   *
   * @returns ends the count; to be called once.
   * @throws RATE_LIMITED when it is one too many.
   */
  begin(callerId: string): () => void {
    const own = this.byCaller.get(callerId) ?? 0
    if (own >= this.most.perCaller) {
      throw rateLimited(
        1,
        `At most ${this.most.perCaller} of your requests are answered at once. Try again in a moment.`,
      )
    }
    if (this.all >= this.most.all) throw rateLimited(1)
    this.all += 1
    this.byCaller.set(callerId, own + 1)
    return () => {
      this.all -= 1
      const left = (this.byCaller.get(callerId) ?? 1) - 1
      if (left === 0) this.byCaller.delete(callerId)
      else this.byCaller.set(callerId, left)
    }
  }
}
