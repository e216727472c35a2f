import type { Client } from 'pg'
import { isReadOnlyServer } from './unavailable.js'

/** The purpose of a PostgreSQL connection, and the time limit of its statements. */
export interface ConnectionPurpose {
  /** Whether it rejects writes. */
  readonly readOnly: boolean
  /** How long a statement may take, in milliseconds; 0 for no limit. */
  readonly timeoutMs: number
}

/** How much longer than the server's limit to wait for an answer, in milliseconds. */
const graceMs = 1_000

/**
 * Destroys the connection if an answer does not come in time, or if the server is a standby. The
 * pool then opens another one. If the network drops packets, a connection does not end by itself:
 * without this, each statement would hang for a quarter of an hour.
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
 * Prepares a new connection. The settings are sent as statements and not as connection parameters,
 * because PgBouncer rejects such parameters.
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
      // The locks of an instance that is gone must not remain for long.
      `SET idle_in_transaction_session_timeout = ${timeoutMs}`,
      `SET default_transaction_read_only = ${readOnly ? 'on' : 'off'}`,
      // PostgreSQL scans small tables sequentially. In a SERIALIZABLE transaction that locks the
      // whole table against inserts by others, while an index locks only the rows that were read.
      ...(readOnly ? [] : ['SET enable_seqscan = off']),
    ].join(';'),
  )
  await requirePrimary(text => client.query(text).then(({ rows }) => rows))
}

/**
 * Checks that the server is not a standby.
 *
 * @throws an error with code 25006 if it is.
 */
export const requirePrimary = async (
  query: (text: string) => Promise<{ standby: boolean }[]>,
): Promise<void> => {
  const [found] = await query('SELECT pg_is_in_recovery() AS standby')
  if (found?.standby !== true) return
  const message = 'the PostgreSQL server is a standby, which rejects writes'
  throw Object.assign(new Error(message), { code: '25006' })
}
