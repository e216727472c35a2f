import { graphql } from '../gql'

/** The query for the state of mail delivery. */
export const MailDelivery = graphql(`
  query MailDelivery {
    mailDelivery {
      configured
      server
      outboxFolder
      lastDeliveredAt
      waitingCount
      waitingSince
      failedCount
      problem
      serverFault {
        since
        reason
        retryAt
      }
    }
  }
`)
