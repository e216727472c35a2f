import type { Logger } from 'pino'
import type { FailureReport } from './background-job.js'

const againAfterMs = 60_000

/** The logger of a {@link FaultLog}. */
type Sink = Pick<Logger, 'error' | 'info'>

/**
 * Limits the log lines of one kind of fault: one when it begins, at most one a minute while it
 * lasts, with the number of failures since the last line, and one when it has ended. Otherwise a
 * database that is unavailable for an hour would fill the log with thousands of lines.
 *
 * Failures with different codes are different faults. A success ends all of them.
 */
export class FaultLog {
  private readonly faults = new Map<
    string,
    { begunAt: number; loggedAt: number; failures: number; unlogged: number; isLogged: boolean }
  >()

  /**
   * @param message the line for a failure.
   * @param endMessage the line when the work succeeds again.
   */
  constructor(
    private readonly sink: Sink,
    private readonly message: string,
    private readonly endMessage = `works again, after: ${message}`,
  ) {}

  /** This log as a report for a background job. */
  get report(): FailureReport {
    return Object.assign(
      (failure: unknown, details: Record<string, unknown>) => this.failed(failure, details),
      {
        succeeded: () => this.succeeded(),
        another: () => new FaultLog(this.sink, this.message, this.endMessage).report,
      },
    )
  }

  /** Logs a failure, unless the fault was logged within the last minute. */
  failed(failure: unknown, details: Record<string, unknown> = {}): void {
    const now = performance.now()
    const kind = kindOf(failure)
    const fault = this.faults.get(kind) ?? {
      begunAt: now,
      loggedAt: Number.NEGATIVE_INFINITY,
      failures: 0,
      unlogged: 0,
      isLogged: false,
    }
    this.faults.set(kind, fault)
    if (fault.failures === 0) fault.begunAt = now
    fault.failures += 1
    fault.unlogged += 1
    if (now - fault.loggedAt < againAfterMs) return
    this.sink.error({ err: failure, ...details, failures: fault.unlogged }, this.message)
    Object.assign(fault, { loggedAt: now, unlogged: 0, isLogged: true })
  }

  /** Records that the work succeeded. Ends the fault, if there was one. */
  succeeded(): void {
    for (const [kind, fault] of this.faults) {
      if (fault.failures > 0 && fault.isLogged) {
        const seconds = Math.round((performance.now() - fault.begunAt) / 1_000)
        this.sink.info({ failures: fault.failures, seconds }, this.endMessage)
      }
      Object.assign(fault, { failures: 0, isLogged: false })
      // The fault is kept for a minute, so that a fault that comes and goes logs at most one line a
      // minute.
      if (performance.now() - fault.loggedAt >= againAfterMs) this.faults.delete(kind)
    }
  }
}

/**
 * Groups failures by code. Messages may contain an id, which would make each failure a fault of its
 * own.
 */
const kindOf = (failure: unknown): string => {
  const { code, name } = Object(failure) as { code?: unknown; name?: unknown }
  return String(code ?? name)
}
