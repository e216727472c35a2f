import { LRUCache } from 'lru-cache'

/** The cache interface that Apollo Server uses for documents. */
export interface DocumentCache<Value> {
  get(key: string): Promise<Value | undefined>
  set(key: string, value: Value): Promise<void>
  delete(key: string): Promise<boolean>
}

const secondsKept = 24 * 60 * 60

/**
 * Keeps the most recently used documents in memory, for at most a day. It does not keep a document
 * that contains a string literal, because that may be a password or the token of a link. Clients
 * that repeat a document send its values in variables.
 *
 * @param textOf returns the document's text.
 * @param maxCharacters the limit for all texts together.
 */
export const createDocumentCache = <Value extends object | string>(
  textOf: (value: Value) => string,
  maxCharacters: number,
): DocumentCache<Value> => {
  const cache = new LRUCache<string, Value>({
    maxSize: maxCharacters,
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
