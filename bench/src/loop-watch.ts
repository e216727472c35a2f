// Loaded into the server before it starts. It answers each message of the parent with the longest
// time that the event loop was held since the last one, and with the heap.
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** What the parent is told. */
export interface LoopReport {
  readonly heldMs: number
  /** Bytes; after a garbage collection if the parent asked for one. */
  readonly heap: number
}

const resolutionMs = 1
const delays = monitorEventLoopDelay({ resolution: resolutionMs })
delays.enable()

process.on('message', (wanted: 'read' | 'collect') => {
  if (wanted === 'collect') globalThis.gc?.()
  const heldMs = Math.max(0, delays.max / 1e6 - resolutionMs)
  const report: LoopReport = { heldMs, heap: process.memoryUsage().heapUsed }
  delays.reset()
  process.send?.(report)
})
process.channel?.unref()
