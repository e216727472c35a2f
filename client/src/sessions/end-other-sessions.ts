import { graphql } from '../gql'

/** Ends all sessions of the caller but this one. */
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

/** How many sessions were ended, in words. */
export const endedInWords = (count: number): string =>
  count === 1 ? 'One session ended' : `${count} sessions ended`
