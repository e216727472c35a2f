import { graphql } from '../gql'

/** How many notifications the signed-in user has not seen: see {@link maxUnseen}. */
export const UnseenNotificationCount = graphql(`
  query UnseenNotificationCount {
    unseenNotificationCount
  }
`)

/** The API counts no further: so many are this number or more. */
export const maxUnseen = 100

/** The newest notifications of the signed-in user. */
export const NewestNotifications = graphql(`
  query NewestNotifications {
    notifications(first: 20) {
      nodes {
        id
        at
        seen
        operation {
          id
          action
          ip
          userAgent
          actorName
          subjectName
          subject {
            id
          }
          changes {
            name
            from
            to
          }
        }
        passwordDeadline {
          at
          remindFrom
          required
        }
        apiToken {
          id
          name
          expiresAt
        }
      }
    }
  }
`)

/** Marks notifications as seen. */
export const MarkNotificationsSeen = graphql(`
  mutation MarkNotificationsSeen($input: MarkNotificationsSeenInput!) {
    markNotificationsSeen(input: $input) {
      unseenNotificationCount
    }
  }
`)
