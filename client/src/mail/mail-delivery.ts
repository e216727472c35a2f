import { graphql } from '../gql'

/** How the delivery of mails goes. */
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
