import DataLoader from 'dataloader'
import type { Context } from './context.js'

/** Reads at once what the rows of a page ask for one by one, for each request by itself. */
export class RequestLoader<Value> {
  private readonly loaders = new WeakMap<Context, DataLoader<string, Value | undefined>>()

  /**
   * @param read gives what there is, by the ids.
   * @param kept whether what was read holds for the rest of the request: not where a
   * mutation and what follows it see different things.
   */
  constructor(
    private readonly read: (
      ids: readonly string[],
      context: Context,
    ) => Promise<ReadonlyMap<string, Value>>,
    private readonly kept = true,
  ) {}

  /** What there is for an id; undefined when there is nothing. */
  load(id: string, context: Context): Promise<Value | undefined> {
    let loader = this.loaders.get(context)
    if (loader === undefined) {
      loader = new DataLoader(
        async ids => {
          const found = await this.read(ids, context)
          return ids.map(each => found.get(each))
        },
        { cache: this.kept },
      )
      this.loaders.set(context, loader)
    }
    return loader.load(id)
  }
}
