import { z } from 'zod'

/** Whether a second factor is asked for at sign-in: never, of those who have one, of everyone. */
const secondFactorPolicies = ['OFF', 'OPTIONAL', 'REQUIRED'] as const
export type SecondFactorPolicy = (typeof secondFactorPolicies)[number]

/** Second factors that can be enrolled, in the order in which they are offered. */
export const secondFactorMethods = ['TOTP', 'PASSKEY', 'SMS'] as const
export type SecondFactorMethod = (typeof secondFactorMethods)[number]

/** How long a browser may be trusted to sign in without a second factor. */
const trustedDevicePeriods = ['NEVER', 'DAY', 'WEEK', 'MONTH'] as const
export type TrustedDevicePeriod = (typeof trustedDevicePeriods)[number]

/** Security settings of the whole account. */
export interface SecuritySettings {
  readonly secondFactor: SecondFactorPolicy
  /** What may serve as a second factor. */
  readonly secondFactorMethods: readonly SecondFactorMethod[]
  readonly trustedDevices: TrustedDevicePeriod
  /** Whether Rekey can be used from allowed addresses only. */
  readonly ipAuthorization: boolean
}

/** What holds until someone sets it otherwise. */
export const defaultSecuritySettings: SecuritySettings = {
  secondFactor: 'OPTIONAL',
  secondFactorMethods: ['TOTP', 'PASSKEY'],
  trustedDevices: 'NEVER',
  ipAuthorization: false,
}

const storedModel = z
  .object({
    secondFactor: z.enum(secondFactorPolicies),
    secondFactorMethods: z.array(z.enum(secondFactorMethods)),
    trustedDevices: z.enum(trustedDevicePeriods),
    ipAuthorization: z.boolean(),
  })
  .partial()

/**
 * The settings as they are kept, completed by the defaults.
 *
 * @throws when what is kept is no such settings: to go on as if nothing were set would
 * switch off what someone switched on.
 */
export const securitySettingsOf = (stored: string | null): SecuritySettings => {
  const kept = stored === null ? {} : storedModel.parse(JSON.parse(stored))
  return { ...defaultSecuritySettings, ...kept } as SecuritySettings
}
