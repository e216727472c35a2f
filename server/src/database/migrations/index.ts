import { FirstTables1764000000000 } from './1764000000000-first-tables.js'

/** Every migration, oldest first. Appended to, never edited. */
export const migrations = [FirstTables1764000000000]
