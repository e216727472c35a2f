/** What an address says, when it is one of the names that are known; else null. */
export const keyOf = <Key extends string>(
  names: Record<Key, unknown>,
  value: string | null,
): Key | null => (value !== null && Object.hasOwn(names, value) ? (value as Key) : null)
