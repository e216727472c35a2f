import { z } from 'zod'

/** Whether users may delete their own accounts; a setting of the whole account. */
export interface OwnDeletion {
  readonly allowed: boolean
}

/** The setting that applies until someone changes it. */
export const defaultOwnDeletion: OwnDeletion = { allowed: false }

const storedModel = z.object({ allowed: z.boolean() })

/**
 * The stored setting, or the default.
 *
 * @throws Error if the stored value is invalid.
 */
export const ownDeletionOf = (stored: string | null): OwnDeletion =>
  stored === null ? defaultOwnDeletion : storedModel.parse(JSON.parse(stored))
