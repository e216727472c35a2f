import { z } from 'zod'

/** The name of the product, which stands for the account until it has a name of its own. */
export const productName = 'Rekey'

/** How the account looks on pages and in mails. */
export interface AccountLook {
  /** The name of the account; null for the name of the product. */
  readonly name: string | null
  /** The accent colour as `#rrggbb`, in lower case; null for the colour of the product. */
  readonly accentColor: string | null
  /** Identifies the content of the logo; null if there is none. */
  readonly logo: string | null
}

/** The look until someone changes it. */
export const defaultAccountLook: AccountLook = { name: null, accentColor: null, logo: null }

/** A logo as it is served. */
export interface AccountLogo {
  /** The same as {@link AccountLook.logo}. */
  readonly version: string
  readonly png: Buffer
}

const lookModel = z
  .object({
    name: z.string().nullable(),
    accentColor: z
      .string()
      .regex(/^#[0-9a-f]{6}$/)
      .nullable(),
    logo: z.string().nullable(),
  })
  .partial()

/**
 * The stored look, completed by the default.
 *
 * @throws Error if the stored value is invalid.
 */
export const accountLookOf = (stored: string | null): AccountLook => {
  const kept = stored === null ? {} : lookModel.parse(JSON.parse(stored))
  return { ...defaultAccountLook, ...kept } as AccountLook
}

const logoModel = z.object({ version: z.string(), png: z.base64() }).nullable()

/** The stored logo; null if there is none. */
export const accountLogoOf = (stored: string | null): AccountLogo | null => {
  const kept = stored === null ? null : logoModel.parse(JSON.parse(stored))
  return kept === null ? null : { ...kept, png: Buffer.from(kept.png, 'base64') }
}

/** A logo as it is stored. */
export const storedLogoOf = (logo: AccountLogo | null): string =>
  JSON.stringify(logo === null ? null : { ...logo, png: logo.png.toString('base64') })
