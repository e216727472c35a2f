import { z } from 'zod'

/** How long operations are kept; a setting of the whole account. */
export interface OperationRetention {
  /** The server deletes operations that are older than this many days; null if it keeps all. */
  readonly keepDays: number | null
}

/** The numbers that the setting accepts. The last days stay, so that an attacker cannot hide. */
export const keepDaysBounds = { least: 30, greatest: 3650 }

const storedModel = z.object({
  keepDays: z.int().min(keepDaysBounds.least).max(keepDaysBounds.greatest).nullable(),
})

/**
 * The stored setting. Until someone changes it, the server keeps all operations.
 *
 * @throws Error if the stored value is invalid. To guess another one could delete operations.
 */
export const operationRetentionOf = (stored: string | null): OperationRetention =>
  stored === null ? { keepDays: null } : storedModel.parse(JSON.parse(stored))
