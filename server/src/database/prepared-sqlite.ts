import sqlite3 from 'sqlite3'

type Callback = (this: sqlite3.Statement, failure: Error | null, ...rest: never[]) => void

interface Prepared {
  readonly statement: sqlite3.Statement
  failure: Error | null
}

const maxStatements = 500

// Others, such as PRAGMA, may still have rows when `run` has finished, and an unfinished statement
// prevents a transaction from ending.
const isPreparable = (sql: string): boolean =>
  /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|COMMIT|ROLLBACK)\b/i.test(sql)

/**
 * A SQLite connection that prepares each statement once. The driver would do it for every query,
 * which requires a second switch to another thread and often takes more time than the query.
 */
class PreparingDatabase extends sqlite3.Database {
  private readonly statements = new Map<string, Prepared>()

  override all(sql: string, ...rest: unknown[]): this {
    return isPreparable(sql) ? this.through('all', sql, rest) : super.all(sql, ...rest)
  }

  override run(sql: string, ...rest: unknown[]): this {
    return isPreparable(sql) ? this.through('run', sql, rest) : super.run(sql, ...rest)
  }

  override close(callback?: (failure: Error | null) => void): void {
    for (const { statement } of this.statements.values()) statement.finalize()
    this.statements.clear()
    super.close(callback)
  }

  private through(method: 'all' | 'run', sql: string, rest: unknown[]): this {
    const prepared = this.prepared(sql)
    const callback = rest.at(-1)
    if (typeof callback === 'function') {
      rest[rest.length - 1] = function (
        this: sqlite3.Statement,
        failure: Error | null,
        ...found: never[]
      ) {
        // If a statement could not be prepared, its queries fail with that error.
        ;(callback as Callback).call(this, failure && (prepared.failure ?? failure), ...found)
      }
    }
    prepared.statement[method](...rest)
    return this
  }

  private prepared(sql: string): Prepared {
    const cached = this.statements.get(sql)
    if (cached !== undefined) {
      // Moves the last used statement to the end. The first one is the next to remove.
      this.statements.delete(sql)
      this.statements.set(sql, cached)
      return cached
    }
    const created: Prepared = {
      statement: this.prepare(sql, (failure: Error | null) => {
        if (failure === null) return
        created.failure = failure
        this.statements.delete(sql)
      }),
      failure: null,
    }
    this.statements.set(sql, created)
    const [[oldest, first] = []] = this.statements
    if (this.statements.size > maxStatements && oldest !== undefined && first !== undefined) {
      this.statements.delete(oldest)
      // Runs after the queries that still use it.
      first.statement.finalize()
    }
    return created
  }
}

/** The driver for TypeORM, with connections that prepare statements once. */
export const preparingSqlite = { ...sqlite3, Database: PreparingDatabase }
