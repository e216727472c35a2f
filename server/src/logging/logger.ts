import type { Writable } from 'node:stream'
import { type Logger, pino, stdSerializers } from 'pino'
import pretty from 'pino-pretty'
import type { Config } from '../config/config.js'

// What databases add to their errors quotes the values of the statement, and those
// hold hashes and people's data.
const serializeError = (failure: Error): object => {
  const { type, message, stack, code } = stdSerializers.err(failure)
  return { type, message, stack, ...(code === undefined ? {} : { code }) }
}

/**
 * The server's log: a line of JSON for each entry, or readable ones at a terminal.
 *
 * @param output takes the lines. Not pino's own, which waits for a disk that is full for ever.
 */
export const createLogger = (
  { logLevel, logPretty }: Pick<Config, 'logLevel' | 'logPretty'>,
  output: Writable,
): Logger => {
  const options = { level: logLevel, serializers: { err: serializeError } }
  if (!logPretty) return pino(options, output)
  return pino(options, pretty({ destination: output, ignore: 'pid,hostname' }))
}
