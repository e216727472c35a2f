/** The problems of each item; empty if it succeeded. */
export type Outcomes<Item> = ReadonlyMap<Item, readonly string[]>

/** The result of a run in batches. */
export interface BatchRun<Item> {
  /** The outcomes of all items for which the server has answered. */
  readonly outcomes: Outcomes<Item>
  /** Items that were sent without an answer. They may have succeeded. */
  readonly unanswered: readonly Item[]
  /** The error that ended the run early; undefined if there was none, or if the run was stopped. */
  readonly failure?: unknown
}

interface BatchLimits<Item> {
  /** The maximum number of items in a batch. */
  readonly items: number
  /** The maximum size of a batch as JSON, in bytes. The server rejects larger requests. */
  readonly bytes: number
  /** Returns the form in which an item is sent. */
  readonly sentAs: (item: Item) => unknown
}

const encoder = new TextEncoder()

/** Divides a list into batches, in the same order. No batch is empty. */
export const batchesOf = <Item>(
  items: readonly Item[],
  { items: most, bytes, sentAs }: BatchLimits<Item>,
): Item[][] => {
  const batches: Item[][] = []
  let size = 0
  for (const item of items) {
    const own = encoder.encode(JSON.stringify(sentAs(item))).length + 1
    const batch = batches.at(-1)
    if (batch === undefined || batch.length === most || size + own > bytes) {
      batches.push([item])
      size = own
    } else {
      batch.push(item)
      size += own
    }
  }
  return batches
}

interface BatchRunOptions<Item> {
  /** Sends a batch. Returns the problems of each item, in the same order. */
  readonly send: (batch: readonly Item[]) => Promise<readonly (readonly string[])[]>
  /** Stops the run before the next batch. The current batch is completed. */
  readonly signal: AbortSignal
  /** @param done the number of items for which the server has answered. */
  readonly onProgress: (done: number) => void
}

/** Sends the batches in order until all are sent, one fails, or the run is stopped. */
export const runBatches = async <Item>(
  batches: readonly (readonly Item[])[],
  { send, signal, onProgress }: BatchRunOptions<Item>,
): Promise<BatchRun<Item>> => {
  const outcomes = new Map<Item, readonly string[]>()
  for (const batch of batches) {
    if (signal.aborted) break
    try {
      const problems = await send(batch)
      batch.forEach((item, index) => {
        outcomes.set(item, problems[index] ?? [])
      })
    } catch (failure) {
      return { outcomes, unanswered: batch, failure }
    }
    onProgress(outcomes.size)
  }
  return { outcomes, unanswered: [] }
}
