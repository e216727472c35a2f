import type { AccessGuard } from '../access/access-guard.service.js'
import type { ApiTokenVerifier } from '../api-tokens/api-token-verifier.js'
import type { Database } from '../database/database.js'
import type { InvitationService } from '../invitations/invitation.service.js'
import type { NodeSource } from '../nodes/node-source.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { DeleteUserService } from '../user-management/delete-user.service.js'
import type { UserSelectionService } from '../user-management/user-selection.service.js'
import type { UserSignInService } from '../user-management/user-sign-in.service.js'
import type { UserStatusService } from '../user-management/user-status.service.js'
import type { UserSearchService } from '../user-search/user-search.service.js'
import type { UserService } from '../users/user.service.js'
import { BulkJobEntity } from './bulk-job.entity.js'
import { BulkJobResolver, BulkJobUserResolver } from './bulk-job.resolver.js'
import { BulkJobService } from './bulk-job.service.js'
import { BulkJob } from './bulk-job.type.js'
import { BulkJobUserEntity } from './bulk-job-user.entity.js'
import { type BulkChanges, BulkJobWorker } from './bulk-job-worker.js'
import { UnfinishedBulkJobsService } from './unfinished-bulk-jobs.service.js'

interface Needs {
  readonly database: Database
  readonly guard: AccessGuard
  readonly users: UserService
  readonly operations: OperationService
  readonly apiTokenVerifier: ApiTokenVerifier
  readonly secondFactors: SecondFactorService
  readonly settings: SettingsService
  readonly userSearch: UserSearchService
  readonly userSelection: UserSelectionService
  readonly userStatuses: UserStatusService
  readonly userSignIns: UserSignInService
  readonly deletions: DeleteUserService
  readonly invitations: InvitationService
}

/** The jobs' tables, and stopping the jobs of users who must not act any longer. */
export const unfinishedBulkJobsModule = {
  entities: [BulkJobEntity, BulkJobUserEntity],
  create: ({ operations }: { operations: OperationService }) => ({
    services: { unfinishedBulkJobs: new UnfinishedBulkJobsService(operations) },
  }),
}

/** Applies an action to many users in the background. */
export const bulkJobsModule = {
  create: (needs: Needs) => {
    const { database, guard, users, operations, userSearch } = needs
    const changes: BulkChanges = {
      BLOCK: reason => needs.userStatuses.blocking(reason),
      DELETE: () => needs.deletions.deleting,
      RESEND_INVITATION: () => needs.invitations.resending,
      SEND_PASSWORD_RESET_LINK: () => needs.userSignIns.sendingResetLinks,
      REQUIRE_PASSWORD_CHANGE: () => needs.userSignIns.requiringPasswordChange,
      WITHDRAW_PASSWORD_CHANGE_REQUIREMENT: () => needs.userSignIns.withdrawingPasswordChange,
      SIGN_OUT: () => needs.userSignIns.signingOut,
    }
    const worker = new BulkJobWorker(
      database,
      users,
      operations,
      needs.apiTokenVerifier,
      needs.secondFactors,
      needs.settings,
      needs.userSelection,
      changes,
    )
    const bulkJobs = new BulkJobService(
      database,
      guard,
      users,
      operations,
      userSearch,
      changes,
      worker,
    )
    return {
      services: { bulkJobs, bulkJobWorker: worker },
      resolvers: [new BulkJobResolver(bulkJobs), new BulkJobUserResolver(users)],
      nodes: [
        {
          type: BulkJob,
          find: async (ids, caller) =>
            (await bulkJobs.findMany(caller, ids)).map(found => new BulkJob(found)),
        },
      ] satisfies NodeSource[],
      jobs: [{ work: worker, failureMessage: 'could not continue a bulk job' }],
      sweeps: [() => bulkJobs.sweep()],
    }
  },
}
