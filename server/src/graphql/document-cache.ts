import { LRUCache } from 'lru-cache'

/** What Apollo Server keeps documents in. */
export interface DocumentCache<Value> {
  get(key: string): Promise<Value | undefined>
  set(key: string, value: Value): Promise<void>
  delete(key: string): Promise<boolean>
}

const secondsKept = 24 * 60 * 60

/**
 * Keeps documents in memory: those used last, for a day at most. One with a string
 * written into it is not kept, for that may be a password or the token of a link;
 * what clients send again and again has its values in variables.
 *
 * @param textOf the document's text.
 * @param mostCharacters of all the texts together.
 */
export const createDocumentCache = <Value extends object | string>(
  textOf: (value: Value) => string,
  mostCharacters: number,
): DocumentCache<Value> => {
  const cache = new LRUCache<string, Value>({
    maxSize: mostCharacters,
    sizeCalculation: value => textOf(value).length + 1,
    ttl: secondsKept * 1000,
  })
  return {
    get: async key => cache.get(key),
    set: async (key, value) => {
      if (!textOf(value).includes('"')) cache.set(key, value)
    },
    delete: async key => cache.delete(key),
  }
}
