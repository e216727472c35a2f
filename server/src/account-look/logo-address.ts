/** The one path of the logo. */
export const logoPath = '/account-logo.png'

/**
 * The address of the logo; null without one. It contains the version, so that no browser shows an
 * earlier logo.
 */
export const logoAddressOf = (version: string | null): string | null =>
  version === null ? null : `${logoPath}?v=${version}`
