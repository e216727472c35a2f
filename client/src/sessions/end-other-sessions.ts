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

/** The number of ended sessions in words. */
export const endedInWords = (count: number): string =>
  count === 1 ? 'One session ended' : `${count} sessions ended`
