import { graphql } from '../gql'

/** Whether users may delete their accounts, and when that of the signed-in user is deleted. */
export const OwnDeletion = graphql(`
  query OwnDeletion {
    viewer {
      id
      deletionAt
    }
    ownDeletionSettings {
      allowed
      waitDays
    }
  }
`)

/** When the signed-in user’s account is deleted. */
export const OwnDeletionAt = graphql(`
  query OwnDeletionAt {
    viewer {
      id
      deletionAt
    }
  }
`)

/** Requests that the signed-in user’s account be deleted. */
export const RequestOwnDeletion = graphql(`
  mutation RequestOwnDeletion {
    requestOwnDeletion {
      user {
        id
        deletionAt
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

/** Keeps the signed-in user’s account. */
export const CancelOwnDeletion = graphql(`
  mutation CancelOwnDeletion {
    cancelOwnDeletion {
      user {
        id
        deletionAt
      }
    }
  }
`)
