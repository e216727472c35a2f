import { graphql } from '../gql'

graphql(`
  fragment AccountLookFields on AccountLook {
    name
    accentColor
    shades
    logoUrl
  }
`)

/** How the account looks. */
export const AccountLookSettings = graphql(`
  query AccountLookSettings {
    accountLook {
      ...AccountLookFields
    }
  }
`)

/** Changes some of it. */
export const UpdateAccountLook = graphql(`
  mutation UpdateAccountLook($input: UpdateAccountLookInput!) {
    updateAccountLook(input: $input) {
      look {
        ...AccountLookFields
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

/** The most bytes of a logo. */
export const maxLogoBytes = 64 * 1024

/** The content of a file in Base64. */
export const base64Of = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
