import { graphql } from '../gql'

/** Blocks users, each independently of the others. */
export const BlockUsers = graphql(`
  mutation BlockUsers($input: BlockUsersInput!) {
    blockUsers(input: $input) {
      results {
        ...ChangedUser
      }
    }
  }
`)

/** Unblocks users, each independently of the others. */
export const UnblockUsers = graphql(`
  mutation UnblockUsers($input: UnblockUsersInput!) {
    unblockUsers(input: $input) {
      results {
        ...ChangedUser
      }
    }
  }
`)

/** Gives a role to users, each independently of the others. */
export const ChangeRoles = graphql(`
  mutation ChangeRoles($input: ChangeRolesInput!) {
    changeRoles(input: $input) {
      results {
        ...ChangedUser
      }
    }
  }
`)

graphql(`
  fragment ChangedUser on UserResult {
    userId
    user {
      id
      role
      status
      version
      refusalToBlock
      refusalToChangeAccess
    }
    errors {
      __typename
      ... on UserError {
        message
      }
    }
  }
`)
