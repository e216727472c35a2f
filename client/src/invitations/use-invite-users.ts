import { useApolloClient } from '@apollo/client/react'
import { useCallback } from 'react'
import { graphql } from '../gql'
import type { InviteUsersMutation } from '../gql/graphql'
import { type BatchRun, batchesOf, runBatches } from './batches'
import type { ImportLine } from './import-lines'

const InviteUsers = graphql(`
  mutation InviteUsers($input: InviteUsersInput!) {
    inviteUsers(input: $input) {
      results {
        index
        profile {
          login
          firstName
          lastName
          phoneFormatted
          language
          externalId
        }
        errors {
          __typename
          ... on UserError {
            message
          }
        }
      }
    }
  }
`)

/** A profile as the server stores it. */
export type StoredProfile = NonNullable<
  InviteUsersMutation['inviteUsers']['results'][number]['profile']
>

// The API accepts up to 100 at once. Smaller batches can be stopped sooner and show more of the
// progress.
const limits = { dryRun: 100, invite: 25 }
// A request may have 100 KB, including the query and the escapes of JSON.
const batchBytes = 50_000

/** Invites users in batches, or only checks them without storing anything. */
export const useInviteUsers = () => {
  const client = useApolloClient()
  return useCallback(
    (
      lines: readonly ImportLine[],
      dryRun: boolean,
      signal: AbortSignal,
      onProgress: (done: number) => void,
      onProfile: (line: ImportLine, profile: StoredProfile) => void = () => undefined,
    ): Promise<BatchRun<ImportLine>> =>
      runBatches(
        batchesOf(lines, {
          items: dryRun ? limits.dryRun : limits.invite,
          bytes: batchBytes,
          sentAs: line => line.invitee,
        }),
        {
          signal,
          onProgress,
          send: async batch => {
            const { data } = await client.mutate({
              mutation: InviteUsers,
              variables: { input: { users: batch.map(line => line.invitee), dryRun } },
              fetchPolicy: 'no-cache',
            })
            const problems: string[][] = batch.map(() => [])
            for (const { index, errors, profile } of data?.inviteUsers.results ?? []) {
              problems[index] = errors.map(({ message }) => message)
              const line = batch[index]
              if (line !== undefined && profile !== null) onProfile(line, profile)
            }
            return problems
          },
        },
      ),
    [client],
  )
}
