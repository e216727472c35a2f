// Loaded into the server before it starts. It answers each message of the parent process with the
// longest time that the event loop was blocked since the last message, and with the heap size.
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The answer to the parent process. */
export interface LoopReport {
  /** The longest time that the event loop was blocked since the last message, in milliseconds. */
  readonly blockedMs: number
  /** In bytes; after a garbage collection if the parent requested one. */
  readonly heap: number
}

const resolutionMs = 1
const delays = monitorEventLoopDelay({ resolution: resolutionMs })
delays.enable()

process.on('message', (action: 'read' | 'collect') => {
  if (action === 'collect') globalThis.gc?.()
  const blockedMs = Math.max(0, delays.max / 1e6 - resolutionMs)
  const report: LoopReport = { blockedMs, heap: process.memoryUsage().heapUsed }
  delays.reset()
  process.send?.(report)
})
process.channel?.unref()
