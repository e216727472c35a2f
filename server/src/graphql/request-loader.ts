import DataLoader from 'dataloader'
import type { Context } from './context.js'

/**
 * Loads the related rows of a page in one query instead of one by one, separately for each request.
 */
export class RequestLoader<Value> {
  private readonly loaders = new WeakMap<Context, DataLoader<string, Value | undefined>>()

  /**
   * @param read finds values by their ids.
   * @param kept whether loaded values stay valid for the rest of the request. Use false if a
   * mutation and the fields after it may see different values.
   */
  constructor(
    private readonly read: (
      ids: readonly string[],
      context: Context,
    ) => Promise<ReadonlyMap<string, Value>>,
    private readonly kept = true,
  ) {}

  /** The value for an id; undefined if there is none. */
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
