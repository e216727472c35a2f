import type { Writable } from 'node:stream'
import { type Logger, pino, stdSerializers } from 'pino'
import pretty from 'pino-pretty'
import type { Config } from '../config/config.js'

// Databases add the values of the statement to their errors. Those include hashes and personal
// data.
const serializeError = (failure: Error): object => {
  const { type, message, stack, code } = stdSerializers.err(failure)
  return { type, message, stack, ...(code === undefined ? {} : { code }) }
}

/**
 * The log of the server: JSON lines, or readable ones on a terminal.
 *
 * @param output receives the lines. It is not pino's own output, which waits forever for a full
 * disk.
 */
export const createLogger = (
  { logLevel, logPretty }: Pick<Config, 'logLevel' | 'logPretty'>,
  output: Writable,
): Logger => {
  const options = { level: logLevel, serializers: { err: serializeError } }
  if (!logPretty) return pino(options, output)
  return pino(options, pretty({ destination: output, ignore: 'pid,hostname' }))
}
