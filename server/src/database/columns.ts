import { isPermission } from '@rekey/shared/access'
import type { ValueTransformer } from 'typeorm'

// Points in time are stored as milliseconds since 1970 in a bigint. They sort, compare and index in
// the same way on every database and are independent of time zones. Drivers return a bigint as a
// number (SQLite) or as a string (PostgreSQL).

/** A required point in time. */
export const instant: ValueTransformer = {
  to: (value: unknown) => (value instanceof Date ? value.getTime() : value),
  from: (stored: number | string) => new Date(Number(stored)),
}

/** An optional point in time. */
export const optionalInstant: ValueTransformer = {
  to: (value: unknown) => (value instanceof Date ? value.getTime() : value),
  from: (stored: number | string | null) => (stored === null ? null : new Date(Number(stored))),
}

/** An optional point in time, stored as 0 if it is missing, so that it has a place in an index. */
export const sortableInstant: ValueTransformer = {
  to: (value: unknown) => (value instanceof Date ? value.getTime() : (value ?? 0)),
  from: (stored: number | string) => (Number(stored) === 0 ? null : new Date(Number(stored))),
}

/** An optional whole number. */
export const optionalNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (stored: number | string | null) => (stored === null ? null : Number(stored)),
}

/** A list of permissions as one text. Unknown permissions are ignored when it is read. */
export const permissionList: ValueTransformer = {
  to: (value: unknown) => (Array.isArray(value) ? value.join(' ') : value),
  from: (stored: string) => stored.split(' ').filter(isPermission),
}
