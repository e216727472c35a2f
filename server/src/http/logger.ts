import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino'
import type { Config } from '../config/config.js'

// What databases add to their errors quotes the values of the statement, and those
// hold hashes and people's data.
const serializeError = (failure: Error): object => {
  const { type, message, stack, code } = stdSerializers.err(failure)
  return { type, message, stack, ...(code === undefined ? {} : { code }) }
}

/** The server's log: a line of JSON for each entry, or readable ones at a terminal. */
export const createLogger = (
  config: Pick<Config, 'logLevel' | 'logPretty'>,
  destination?: DestinationStream,
): Logger => {
  const options = { level: config.logLevel, serializers: { err: serializeError } }
  if (destination !== undefined) return pino(options, destination)
  if (!config.logPretty) return pino(options)
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } },
  })
}
