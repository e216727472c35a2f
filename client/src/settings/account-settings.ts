import { graphql } from '../gql'

graphql(`
  fragment AccountSettingsFields on AccountSettings {
    defaultLanguage
    defaultRegion
    regions
  }
`)

/** The settings of the whole account for the profiles of its users. */
export const AccountSettings = graphql(`
  query AccountSettings {
    accountSettings {
      ...AccountSettingsFields
    }
  }
`)

/** Changes some of them. */
export const UpdateAccountSettings = graphql(`
  mutation UpdateAccountSettings($input: UpdateAccountSettingsInput!) {
    updateAccountSettings(input: $input) {
      settings {
        ...AccountSettingsFields
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)
