import type { Client } from 'pg'
import { isReadOnlyServer } from './unavailable.js'

/** What a connection to PostgreSQL is for, and how long its statements may take. */
export interface ConnectionPurpose {
  /** Whether it refuses to write. */
  readonly readOnly: boolean
  /** Milliseconds that a statement may take; 0 for any time. */
  readonly timeoutMs: number
}

/** How much longer we wait for an answer than the server may take for it. */
const graceMs = 1_000

/**
 * Destroys the connection if an answer does not come in time, or if the server turns out to be
 * a standby. The pool then opens another one. A network that drops packets ends no connection by
 * itself: without this, each statement would hang for a quarter of an hour.
 */
const watch = (client: Client, timeoutMs: number): void => {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown
  const destroy = (failure: Error) => client.connection.stream.destroy(failure)
  const watched = (...given: unknown[]): unknown => {
    const answer = query(...given)
    if (!(answer instanceof Promise)) return answer
    const failure = Object.assign(new Error('PostgreSQL does not answer'), { code: 'ETIMEDOUT' })
    const timer =
      timeoutMs === 0 ? undefined : setTimeout(() => destroy(failure), timeoutMs + graceMs)
    answer.then(
      () => clearTimeout(timer),
      (reason: Error) => {
        clearTimeout(timer)
        if (isReadOnlyServer(reason)) destroy(reason)
      },
    )
    return answer
  }
  client.query = watched as Client['query']
}

/**
 * Prepares a new connection. The settings are statements and not parameters of the connection,
 * because PgBouncer refuses such parameters.
 *
 * @throws an error with code 25006 if the server is a standby.
 */
export const prepareConnection = async (
  client: Client,
  { readOnly, timeoutMs }: ConnectionPurpose,
): Promise<void> => {
  watch(client, timeoutMs)
  await client.query(
    [
      `SET statement_timeout = ${timeoutMs}`,
      // The locks of an instance that is gone must not outlive it for long.
      `SET idle_in_transaction_session_timeout = ${timeoutMs}`,
      `SET default_transaction_read_only = ${readOnly ? 'on' : 'off'}`,
      // PostgreSQL scans small tables whole. In a SERIALIZABLE transaction that locks the table
      // against every insert of others, while an index locks only what was read.
      ...(readOnly ? [] : ['SET enable_seqscan = off']),
    ].join(';'),
  )
  await requirePrimary(text => client.query(text).then(({ rows }) => rows))
}

/**
 * Checks that the server is no standby.
 *
 * @throws an error with code 25006 if it is one.
 */
export const requirePrimary = async (
  query: (text: string) => Promise<{ standby: boolean }[]>,
): Promise<void> => {
  const [found] = await query('SELECT pg_is_in_recovery() AS standby')
  if (found?.standby !== true) return
  const message = 'the PostgreSQL server is a standby, which cannot be written to'
  throw Object.assign(new Error(message), { code: '25006' })
}
