import { isPermission } from '@rekey/shared/access'
import type { ValueTransformer } from 'typeorm'

// Points in time are whole milliseconds since 1970 in a bigint: they sort, compare
// and index alike on every database, and no time zone can creep in. Drivers hand
// bigints out as numbers (SQLite) or as strings (PostgreSQL).

/** A point in time that is always there. */
export const instant: ValueTransformer = {
  to: (value: unknown) => (value instanceof Date ? value.getTime() : value),
  from: (stored: number | string) => new Date(Number(stored)),
}

/** A point in time that may be missing. */
export const optionalInstant: ValueTransformer = {
  to: (value: unknown) => (value instanceof Date ? value.getTime() : value),
  from: (stored: number | string | null) => (stored === null ? null : new Date(Number(stored))),
}

/** A point in time that may be missing, kept as 0 so that it has a place in an index. */
export const sortableInstant: ValueTransformer = {
  to: (value: unknown) => (value instanceof Date ? value.getTime() : (value ?? 0)),
  from: (stored: number | string) => (Number(stored) === 0 ? null : new Date(Number(stored))),
}

/** A whole number that may be missing. */
export const optionalNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (stored: number | string | null) => (stored === null ? null : Number(stored)),
}

/** A list of permissions as one text. A permission that is no longer known is left out. */
export const permissionList: ValueTransformer = {
  to: (value: unknown) => (Array.isArray(value) ? value.join(' ') : value),
  from: (stored: string) => stored.split(' ').filter(isPermission),
}
