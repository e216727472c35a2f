import { z } from 'zod'

/** Whether sign-in requires a second factor: never, of users who have one, or of every user. */
const secondFactorPolicies = ['OFF', 'OPTIONAL', 'REQUIRED'] as const
export type SecondFactorPolicy = (typeof secondFactorPolicies)[number]

/** The second factors that can be enrolled, in the order in which they are offered. */
export const secondFactorMethods = ['TOTP', 'PASSKEY', 'SMS'] as const
export type SecondFactorMethod = (typeof secondFactorMethods)[number]

/** How long a user can trust a browser to sign in without a second factor. */
const trustedDevicePeriods = ['NEVER', 'DAY', 'WEEK', 'MONTH'] as const
export type TrustedDevicePeriod = (typeof trustedDevicePeriods)[number]

/** Security settings of the whole account. */
export interface SecuritySettings {
  readonly secondFactor: SecondFactorPolicy
  /**
   * The instant from which a required second factor is required (ISO 8601, UTC), or null if it is
   * required at once. Always null with other policies.
   */
  readonly secondFactorRequiredFrom: string | null
  /** The methods that can be used as a second factor. */
  readonly secondFactorMethods: readonly SecondFactorMethod[]
  readonly trustedDevices: TrustedDevicePeriod
  /** Whether Rekey can be used only from allowed addresses. */
  readonly ipAuthorization: boolean
  /** The maximum lifetime of API tokens in days; null if only the product's own limit applies. */
  readonly apiTokenMaxDays: number | null
}

/** The days that {@link SecuritySettings.apiTokenMaxDays} accepts. The product allows no more. */
export const apiTokenDays = { least: 1, greatest: 366 }

/** The settings that apply until someone changes them. */
export const defaultSecuritySettings: SecuritySettings = {
  secondFactor: 'OPTIONAL',
  secondFactorRequiredFrom: null,
  secondFactorMethods: ['TOTP', 'PASSKEY'],
  trustedDevices: 'NEVER',
  ipAuthorization: false,
  apiTokenMaxDays: null,
}

const storedModel = z
  .object({
    secondFactor: z.enum(secondFactorPolicies),
    secondFactorRequiredFrom: z.iso.datetime().nullable(),
    secondFactorMethods: z.array(z.enum(secondFactorMethods)),
    trustedDevices: z.enum(trustedDevicePeriods),
    ipAuthorization: z.boolean(),
    apiTokenMaxDays: z.int().min(apiTokenDays.least).max(apiTokenDays.greatest).nullable(),
  })
  .partial()

/**
 * The stored settings, completed by the defaults.
 *
 * @throws Error if the stored value is invalid. To use the defaults instead would switch off what
 * someone has switched on.
 */
export const securitySettingsOf = (stored: string | null): SecuritySettings => {
  const kept = stored === null ? {} : storedModel.parse(JSON.parse(stored))
  return { ...defaultSecuritySettings, ...kept } as SecuritySettings
}

/** When users without a second factor must enrol one: not at all, at once, or from an instant on. */
export const secondFactorDueOf = ({
  secondFactor,
  secondFactorRequiredFrom: from,
}: SecuritySettings): 'never' | 'now' | Date => {
  if (secondFactor !== 'REQUIRED') return 'never'
  const at = from === null ? null : new Date(from)
  return at === null || at.getTime() <= Date.now() ? 'now' : at
}
