import { graphql } from '../gql'

/** Sends users a link that resets their passwords. */
export const SendPasswordResetLinks = graphql(`
  mutation SendPasswordResetLinks($input: SendPasswordResetLinksInput!) {
    sendPasswordResetLinks(input: $input) {
      results {
        errors {
          ... on UserError {
            message
          }
        }
      }
    }
  }
`)

/** Creates a link that resets the password of a user, to hand over. */
export const CreatePasswordResetLink = graphql(`
  mutation CreatePasswordResetLink($input: CreatePasswordResetLinkInput!) {
    createPasswordResetLink(input: $input) {
      url
      expiresAt
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

/** Creates a link with which an invited user sets their first password, to hand over. */
export const CreateInvitationLink = graphql(`
  mutation CreateInvitationLink($input: CreateInvitationLinkInput!) {
    createInvitationLink(input: $input) {
      url
      expiresAt
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

/** Requires users to choose a new password. */
export const RequirePasswordChange = graphql(`
  mutation RequirePasswordChange($input: RequirePasswordChangeInput!) {
    requirePasswordChange(input: $input) {
      results {
        user {
          id
          mustChangePassword
        }
        errors {
          ... on UserError {
            message
          }
        }
      }
    }
  }
`)

/** No longer requires users to choose a new password. */
export const WithdrawPasswordChangeRequirement = graphql(`
  mutation WithdrawPasswordChangeRequirement($input: WithdrawPasswordChangeRequirementInput!) {
    withdrawPasswordChangeRequirement(input: $input) {
      results {
        user {
          id
          mustChangePassword
        }
        errors {
          ... on UserError {
            message
          }
        }
      }
    }
  }
`)

/** Ends all sessions of users. */
export const SignOutUsers = graphql(`
  mutation SignOutUsers($input: SignOutUsersInput!) {
    signOutUsers(input: $input) {
      results {
        errors {
          ... on UserError {
            message
          }
        }
      }
    }
  }
`)
