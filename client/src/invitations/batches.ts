/** What becomes of each item: what is wrong with it, and nothing when it went well. */
export type Outcomes<Item> = ReadonlyMap<Item, readonly string[]>

/** How a run in batches ended. */
export interface BatchRun<Item> {
  /** Of every item that was answered for. */
  readonly outcomes: Outcomes<Item>
  /** Sent, and never answered for: they may have gone through. */
  readonly unanswered: readonly Item[]
  /** What made the run end early; undefined when nothing did, or it was stopped. */
  readonly failure?: unknown
}

interface BatchLimits<Item> {
  /** Most items of a batch. */
  readonly items: number
  /** Most bytes of a batch as JSON; a request of more is turned away. */
  readonly bytes: number
  /** What an item is sent as. */
  readonly sentAs: (item: Item) => unknown
}

const encoder = new TextEncoder()

/** Cuts a list into batches, in their order; none of them is empty. */
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
  /** Sends a batch; the answer has the problems of each item, in the same order. */
  readonly send: (batch: readonly Item[]) => Promise<readonly (readonly string[])[]>
  /** Stops before the next batch; the one under way is waited for. */
  readonly signal: AbortSignal
  /** @param done how many items have been answered for. */
  readonly onProgress: (done: number) => void
}

/** Sends batch after batch until all are sent, one fails, or the run is stopped. */
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
