import type { TypedDocumentNode } from '@apollo/client'
import { graphql } from '../gql'
import type { UsersQuery, UsersQueryVariables, UsersWithSecondFactorsQuery } from '../gql/graphql'
import { storedPreferences, type TablePreferences } from './table-preferences'
import { readUsersSearch, type UsersSearch, variablesOf } from './users-search'

const Users = graphql(`
  query Users(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $search: String
    $filter: UserFilter
    $orderBy: UserOrder
  ) {
    users(
      first: $first
      after: $after
      last: $last
      before: $before
      search: $search
      filter: $filter
      orderBy: $orderBy
    ) {
      ...ListedUsers
    }
  }
`)

// Only if their column is shown, because they are in another table.
const UsersWithSecondFactors = graphql(`
  query UsersWithSecondFactors(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $search: String
    $filter: UserFilter
    $orderBy: UserOrder
  ) {
    users(
      first: $first
      after: $after
      last: $last
      before: $before
      search: $search
      filter: $filter
      orderBy: $orderBy
    ) {
      ...ListedUsers
      nodes {
        id
        secondFactors {
          id
          method
        }
      }
    }
  }
`)

graphql(`
  fragment ListedUsers on UserConnection {
    totalCount
    totalCountExact
    nodes {
      id
      login
      name
      phoneFormatted
      role
      status
      mustChangePassword
      lastSignInAt
      createdAt
      passwordChangedAt
      refusalToBlock
      refusalToChangeAccess
      refusalToChangePassword
      refusalToDelete
      refusalToManageInvitation
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
`)

/** The query of the Users table, with its variables. */
export const queryOf = (
  search: UsersSearch,
  { columns, pageSize }: TablePreferences,
): {
  query: TypedDocumentNode<UsersQuery | UsersWithSecondFactorsQuery, UsersQueryVariables>
  variables: UsersQueryVariables
} => ({
  query: columns.includes('SECOND_FACTOR') ? UsersWithSecondFactors : Users,
  variables: variablesOf(search, pageSize),
})

/** The query that the Users table sends first, for this viewer and the parameters of its address. */
export const usersQueryOf = (viewerId: string, parameters: URLSearchParams) =>
  queryOf(readUsersSearch(parameters), storedPreferences(viewerId))
