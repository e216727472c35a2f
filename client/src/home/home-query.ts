import { graphql } from '../gql'

/** The query for the figures of the account, as far as the viewer may see them. */
export const HomeFigures = graphql(`
  query HomeFigures {
    home {
      countedAt
      people {
        active
        invited
        blocked
        withSecondFactor
        expiredInvitations
        expiringInvitations {
          count
          exact
        }
        mustChangePassword {
          count
          exact
        }
      }
      oldestPasswords {
        id
        name
        login
        passwordChangedAt
      }
      signIns {
        date
        succeeded
        failed
      }
      webhooks {
        failing
        disabled
      }
      mails {
        waiting
        failed
      }
      setup {
        step
        done
        skipped
      }
    }
  }
`)
