import { createHash } from 'node:crypto'
import { newPasswordForm } from '@rekey/shared/password-policy'
import type { FaultLog } from '../background/fault-log.js'
import type { BreachSource, BreachSourceKind } from './breach-source.js'

/** What the sources say about a password. */
export interface BreachCheck {
  /** Whether a source has the password. */
  readonly isBreached: boolean
  /** The sources that could not tell. */
  readonly failed: readonly BreachSourceKind[]
}

/** The log of one source. */
type SourceLog = Pick<FaultLog, 'failed' | 'succeeded'>

/** Finds passwords that are known from data breaches. */
export class BreachedPasswordsService {
  private logs: ReadonlyMap<BreachSourceKind, SourceLog> = new Map()

  /** @param sources in the order in which they are queried; empty if no source is configured. */
  constructor(private readonly sources: readonly BreachSource[]) {}

  /** The kinds of the configured sources; empty if there is none. */
  get kinds(): readonly BreachSourceKind[] {
    return this.sources.map(({ kind }) => kind)
  }

  /** Logs from now on when a source fails, and when it works again. */
  logTo(createLog: (kind: BreachSourceKind) => SourceLog): void {
    this.logs = new Map(this.kinds.map(kind => [kind, createLog(kind)]))
  }

  /**
   * Checks a new password. Queries one source after the other until one has it. Never throws: a source
   * that fails is part of the result.
   */
  async check(password: string): Promise<BreachCheck> {
    if (this.sources.length === 0) return { isBreached: false, failed: [] }
    const sha1 = createHash('sha1')
      .update(newPasswordForm(password), 'utf8')
      .digest('hex')
      .toUpperCase()
    const failed: BreachSourceKind[] = []
    for (const source of this.sources) {
      const log = this.logs.get(source.kind)
      try {
        const isBreached = await source.contains(sha1)
        log?.succeeded()
        if (isBreached) return { isBreached, failed: [] }
      } catch (failure) {
        log?.failed(failure)
        failed.push(source.kind)
      }
    }
    return { isBreached: false, failed }
  }
}
