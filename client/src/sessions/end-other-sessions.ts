import { graphql } from '../gql'

/** Ends all sessions of the caller except this one. */
export const EndOtherSessions = graphql(`
  mutation EndOtherSessions {
    endOtherSessions {
      count
      errors {
        message
      }
    }
  }
`)
