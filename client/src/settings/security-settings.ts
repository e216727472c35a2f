import { graphql } from '../gql'
import type { SecondFactorMethod, SecuritySettingsFieldsFragment } from '../gql/graphql'

graphql(`
  fragment SecuritySettingsFields on SecuritySettings {
    secondFactor
    secondFactorRequiredFrom
    secondFactorMethods
    smsAvailable
    trustedDevices
    ipAuthorization
    apiTokenMaxDays
  }
`)

/** The security settings of the whole account. */
export const SecuritySettings = graphql(`
  query SecuritySettings {
    securitySettings {
      ...SecuritySettingsFields
    }
  }
`)

/** Changes some of them. */
export const UpdateSecuritySettings = graphql(`
  mutation UpdateSecuritySettings($input: UpdateSecuritySettingsInput!) {
    updateSecuritySettings(input: $input) {
      settings {
        ...SecuritySettingsFields
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
        ... on PhoneNumbersMissing {
          count
          users {
            id
            name
          }
        }
      }
    }
  }
`)

/** What the form of the second factor holds. */
export type SecondFactorSettings = Pick<
  SecuritySettingsFieldsFragment,
  'secondFactor' | 'trustedDevices'
> & { readonly secondFactorMethods: SecondFactorMethod[] }

/** The kinds that can be allowed, in the order they are shown. */
export const allowableMethods = ['TOTP', 'PASSKEY', 'SMS'] as const

/** What of the settings is edited in the form. */
export const editedOf = ({
  secondFactor,
  secondFactorMethods,
  trustedDevices,
}: SecuritySettingsFieldsFragment): SecondFactorSettings => ({
  secondFactor,
  // In one order, so that ticking one off and on again is no change.
  secondFactorMethods: allowableMethods.filter(method => secondFactorMethods.includes(method)),
  trustedDevices,
})

/** Whether both say the same, in whatever order the methods were ticked. */
export const isSame = (one: SecondFactorSettings, other: SecondFactorSettings): boolean =>
  one.secondFactor === other.secondFactor &&
  one.trustedDevices === other.trustedDevices &&
  one.secondFactorMethods.length === other.secondFactorMethods.length &&
  one.secondFactorMethods.every(method => other.secondFactorMethods.includes(method))

/** Only what was changed: someone else may be changing the rest. */
export const changesOf = (
  saved: SecondFactorSettings,
  edited: SecondFactorSettings,
): Partial<SecondFactorSettings> => ({
  ...(edited.secondFactor === saved.secondFactor ? {} : { secondFactor: edited.secondFactor }),
  ...(edited.trustedDevices === saved.trustedDevices
    ? {}
    : { trustedDevices: edited.trustedDevices }),
  ...(isSame(
    { ...edited, secondFactor: saved.secondFactor, trustedDevices: saved.trustedDevices },
    saved,
  )
    ? {}
    : { secondFactorMethods: edited.secondFactorMethods }),
})
