import { graphql } from '../gql'
import type { BulkAction, BulkJobFragment, BulkStopReason } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'

/** A job with its progress. */
export const BulkJobQuery = graphql(`
  query BulkJob($id: ID!) {
    bulkJob(id: $id) {
      ...BulkJob
    }
  }

  fragment BulkJob on BulkJob {
    id
    action
    status
    stopReason
    total
    done
    refused
    skipped
    finishedAt
  }
`)

/** The users of a job who were not changed. */
export const UnchangedUsers = graphql(`
  query UnchangedUsers($id: ID!) {
    bulkJob(id: $id) {
      id
      users(first: 100, outcomes: [REFUSED, SKIPPED]) {
        totalCount
        nodes {
          userId
          message
          user {
            id
            name
          }
        }
      }
    }
  }
`)

/** The newest jobs of the signed-in user. */
export const NewestBulkJobs = graphql(`
  query NewestBulkJobs {
    bulkJobs(first: 5) {
      nodes {
        ...BulkJob
      }
    }
  }
`)

/** Starts a job. */
export const StartBulkJob = graphql(`
  mutation StartBulkJob($input: StartBulkJobInput!) {
    startBulkJob(input: $input) {
      job {
        ...BulkJob
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

/** Cancels a job. */
export const CancelBulkJob = graphql(`
  mutation CancelBulkJob($input: CancelBulkJobInput!) {
    cancelBulkJob(input: $input) {
      job {
        ...BulkJob
      }
      errors {
        __typename
        ... on UserError {
          message
        }
      }
    }
  }
`)

/** The labels of the buttons that start a job. */
export const buttonMessages: Record<BulkAction, PlainMessageId> = {
  BLOCK: 'users.bulk.block.button',
  DELETE: 'bulk-jobs.DELETE.button',
  RESEND_INVITATION: 'bulk-jobs.RESEND_INVITATION.button',
  SEND_PASSWORD_RESET_LINK: 'bulk-jobs.SEND_PASSWORD_RESET_LINK.button',
  REQUIRE_PASSWORD_CHANGE: 'bulk-jobs.REQUIRE_PASSWORD_CHANGE.button',
  WITHDRAW_PASSWORD_CHANGE_REQUIREMENT: 'bulk-jobs.WITHDRAW_PASSWORD_CHANGE_REQUIREMENT.button',
  SIGN_OUT: 'bulk-jobs.SIGN_OUT.button',
}

/** The questions before a job starts. */
export const questionMessages = {
  BLOCK: 'users.bulk.block.title',
  DELETE: 'bulk-jobs.DELETE.title',
  RESEND_INVITATION: 'bulk-jobs.RESEND_INVITATION.title',
  SEND_PASSWORD_RESET_LINK: 'bulk-jobs.SEND_PASSWORD_RESET_LINK.title',
  REQUIRE_PASSWORD_CHANGE: 'bulk-jobs.REQUIRE_PASSWORD_CHANGE.title',
  WITHDRAW_PASSWORD_CHANGE_REQUIREMENT: 'bulk-jobs.WITHDRAW_PASSWORD_CHANGE_REQUIREMENT.title',
  SIGN_OUT: 'bulk-jobs.SIGN_OUT.title',
} as const satisfies Record<BulkAction, string>

/** What the actions do. */
export const effectMessages: Record<BulkAction, PlainMessageId> = {
  BLOCK: 'users.bulk.block.message',
  DELETE: 'bulk-jobs.DELETE.message',
  RESEND_INVITATION: 'bulk-jobs.RESEND_INVITATION.message',
  SEND_PASSWORD_RESET_LINK: 'bulk-jobs.SEND_PASSWORD_RESET_LINK.message',
  REQUIRE_PASSWORD_CHANGE: 'bulk-jobs.REQUIRE_PASSWORD_CHANGE.message',
  WITHDRAW_PASSWORD_CHANGE_REQUIREMENT: 'bulk-jobs.WITHDRAW_PASSWORD_CHANGE_REQUIREMENT.message',
  SIGN_OUT: 'bulk-jobs.SIGN_OUT.message',
}

/** Why the server stopped a job. */
export const stopMessages: Record<BulkStopReason, PlainMessageId> = {
  STARTER_NOT_ACTIVE: 'bulk-jobs.stopped.STARTER_NOT_ACTIVE',
  PERMISSION_MISSING: 'bulk-jobs.stopped.PERMISSION_MISSING',
  API_TOKEN_INVALID: 'bulk-jobs.stopped.API_TOKEN_INVALID',
}

/** How many users of a job were handled. */
export const handledOf = ({ done, refused, skipped }: BulkJobFragment): number =>
  done + refused + skipped
