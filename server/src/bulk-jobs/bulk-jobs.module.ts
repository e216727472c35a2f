import type { AccessGuard } from '../access/access-guard.service.js'
import type { ApiTokenVerifier } from '../api-tokens/api-token-verifier.js'
import type { Database } from '../database/database.js'
import type { InvitationService } from '../invitations/invitation.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { DeleteUserService } from '../user-management/delete-user.service.js'
import type { UserSelectionService } from '../user-management/user-selection.service.js'
import type { UserSignInService } from '../user-management/user-sign-in.service.js'
import type { UserStatusService } from '../user-management/user-status.service.js'
import type { UserSearchService } from '../user-search/user-search.service.js'
import type { UserService } from '../users/user.service.js'
import { BulkJobEntity } from './bulk-job.entity.js'
import { BulkJobResolver, BulkJobUserResolver } from './bulk-job.resolver.js'
import { BulkJobService } from './bulk-job.service.js'
import { BulkJobUserEntity } from './bulk-job-user.entity.js'
import { type BulkChanges, BulkJobWorker } from './bulk-job-worker.js'

interface Needs {
  readonly database: Database
  readonly guard: AccessGuard
  readonly users: UserService
  readonly operations: OperationService
  readonly apiTokenVerifier: ApiTokenVerifier
  readonly userSearch: UserSearchService
  readonly userSelection: UserSelectionService
  readonly userStatuses: UserStatusService
  readonly userSignIns: UserSignInService
  readonly deletions: DeleteUserService
  readonly invitations: InvitationService
}

/** Applies an action to many users in the background. */
export const bulkJobsModule = {
  entities: [BulkJobEntity, BulkJobUserEntity],
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
      jobs: [{ work: worker, failureMessage: 'could not continue a bulk job' }],
      sweeps: [() => bulkJobs.sweep()],
    }
  },
}
