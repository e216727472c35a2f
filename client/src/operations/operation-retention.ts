import { graphql } from '../gql'

graphql(`
  fragment OperationRetentionFields on OperationRetention {
    keepDays
    deletedUpTo
    deletedAt
  }
`)

/** How long operations are kept. */
export const OperationRetention = graphql(`
  query OperationRetention {
    operationRetention {
      ...OperationRetentionFields
    }
  }
`)

/** Changes how long operations are kept. */
export const UpdateOperationRetention = graphql(`
  mutation UpdateOperationRetention($input: UpdateOperationRetentionInput!) {
    updateOperationRetention(input: $input) {
      retention {
        ...OperationRetentionFields
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
