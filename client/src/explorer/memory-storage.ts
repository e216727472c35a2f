/**
 * A storage that ends with the page. Text that users enter in the explorer, such as the variables
 * of a password change, must not be stored on a disk.
 */
export const memoryStorage = (): Pick<
  Storage,
  'getItem' | 'setItem' | 'removeItem' | 'clear' | 'length'
> => {
  const items = new Map<string, string>()
  return {
    getItem: key => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: key => void items.delete(key),
    clear: () => items.clear(),
    get length() {
      return items.size
    },
  }
}
