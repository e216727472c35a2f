import { useQuery } from '@apollo/client/react'
import { graphql } from '../gql'

const LastBlock = graphql(`
  query LastBlock($userId: ID!) {
    operations(
      first: 1
      filter: { subjectId: $userId, actions: [BLOCK_USER], outcomes: [DONE] }
    ) {
      nodes {
        id
        at
        actorName
        changes {
          name
          to
        }
      }
    }
  }
`)

/** When and by whom a user was blocked, and why. */
export interface Block {
  readonly at: string
  /** Null if nobody was signed in. */
  readonly by: string | null
  /** Null if no reason was given. */
  readonly reason: string | null
}

/**
 * The block of a blocked user, from the operation list. Null until it is loaded, and if the viewer
 * may not see the operation list, or the list does not contain it.
 */
export const useBlock = (userId: string, seen: boolean): Block | null => {
  const { data } = useQuery(LastBlock, {
    variables: { userId },
    skip: !seen,
    fetchPolicy: 'cache-and-network',
  })
  const [operation] = seen ? (data?.operations.nodes ?? []) : []
  if (operation === undefined) return null
  const reason = operation.changes.find(({ name }) => name === 'reason')?.to
  return { at: operation.at, by: operation.actorName ?? null, reason: reason ?? null }
}
