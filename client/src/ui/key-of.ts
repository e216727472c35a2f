/** A value of an address if it is one of the known names; otherwise null. */
export const keyOf = <Key extends string>(
  names: Record<Key, unknown>,
  value: string | null,
): Key | null => (value !== null && Object.hasOwn(names, value) ? (value as Key) : null)
