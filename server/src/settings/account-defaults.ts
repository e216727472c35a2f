import { z } from 'zod'

/** Settings of the whole account for the profiles of its users. */
export interface AccountDefaults {
  /**
   * The language tag of a new user who has no other. Mails and pages use it for people whose own
   * language has no catalogue.
   */
  readonly defaultLanguage: string
  /**
   * The region whose national phone numbers are read, as an ISO 3166-1 alpha-2 code. Null if
   * there is none: national numbers then stay as they are typed.
   */
  readonly defaultRegion: string | null
}

/** The values that apply until someone changes them. */
export const accountDefaults: AccountDefaults = { defaultLanguage: 'en', defaultRegion: null }

const storedModel = z
  .object({ defaultLanguage: z.string(), defaultRegion: z.string().nullable() })
  .partial()

/**
 * The stored defaults of the account, completed by the values above.
 *
 * @throws Error if the stored value is invalid.
 */
export const accountDefaultsOf = (stored: string | null): AccountDefaults => {
  const kept = stored === null ? {} : storedModel.parse(JSON.parse(stored))
  return { ...accountDefaults, ...kept } as AccountDefaults
}
