import type { AccessGuard } from '../access/access-guard.service.js'
import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { UnfinishedBulkJobsService } from '../bulk-jobs/unfinished-bulk-jobs.service.js'
import type { Config } from '../config/config.js'
import type { MailService } from '../mail/mail.service.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { OwnDeletionService } from '../own-deletion/own-deletion.service.js'
import type { PasswordService } from '../passwords/password.service.js'
import type { PasswordMailService } from '../passwords/password-mail.service.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { TrustedDeviceService } from '../trusted-devices/trusted-device.service.js'
import type { UserService } from '../users/user.service.js'
import { AccessResolver } from './access.resolver.js'
import { AccessService } from './access.service.js'
import { AdministratorNoticeService } from './administrator-notice.service.js'
import { DeleteUserResolver } from './delete-user.resolver.js'
import { DeleteUserService } from './delete-user.service.js'
import { UserSecurityResolver } from './user-security.resolver.js'
import { UserSecurityService } from './user-security.service.js'
import { UserSelectionService } from './user-selection.service.js'
import { UserSignInResolver } from './user-sign-in.resolver.js'
import { UserSignInService } from './user-sign-in.service.js'
import { UserStatusResolver } from './user-status.resolver.js'
import { UserStatusService } from './user-status.service.js'

interface Needs {
  readonly config: Config
  readonly guard: AccessGuard
  readonly users: UserService
  readonly sessions: SessionService
  readonly settings: SettingsService
  readonly secondFactors: SecondFactorService
  readonly links: OneTimeLinkService
  readonly apiTokens: ApiTokenService
  readonly operations: OperationService
  readonly mail: MailService
  readonly throttle: ThrottleService
  readonly passwords: PasswordService
  readonly passwordMails: PasswordMailService
  readonly trustedDevices: TrustedDeviceService
  readonly unfinishedBulkJobs: UnfinishedBulkJobsService
  readonly ownDeletions: OwnDeletionService
}

/** Blocks, unblocks and deletes users, changes their access, and manages how they sign in. */
export const userManagementModule = {
  create: (needs: Needs) => {
    const { config, guard, users, sessions, secondFactors, links, apiTokens } = needs
    const { operations, mail, throttle, passwords, passwordMails, trustedDevices, ownDeletions } =
      needs
    const administratorNotices = new AdministratorNoticeService(mail, config.publicUrl)
    const selection = new UserSelectionService(guard, users, operations)
    const access = new AccessService(guard, selection, users, operations, sessions, secondFactors)
    const userStatuses = new UserStatusService(
      selection,
      users,
      sessions,
      secondFactors,
      links,
      apiTokens,
      needs.unfinishedBulkJobs,
      administratorNotices,
    )
    const userSignIns = new UserSignInService(
      selection,
      users,
      sessions,
      secondFactors,
      links,
      passwordMails,
      administratorNotices,
      throttle,
      trustedDevices,
      needs.unfinishedBulkJobs,
      needs.settings,
      config.mail.smtpUrl !== null,
    )
    const userSecurity = new UserSecurityService(
      guard,
      selection,
      users,
      operations,
      sessions,
      apiTokens,
      trustedDevices,
      secondFactors,
      links,
      passwords,
      passwordMails,
      throttle,
      needs.unfinishedBulkJobs,
      administratorNotices,
      mail,
      ownDeletions,
      { publicUrl: config.publicUrl, mailConfigured: config.mail.smtpUrl !== null },
    )
    const deletions = new DeleteUserService(guard, users, operations)
    return {
      services: {
        access,
        userSelection: selection,
        userStatuses,
        userSignIns,
        userSecurity,
        administratorNotices,
        deletions,
      },
      resolvers: [
        new AccessResolver(access),
        new UserStatusResolver(userStatuses, apiTokens),
        new UserSignInResolver(userSignIns),
        new UserSecurityResolver(userSecurity, users, sessions, apiTokens, trustedDevices),
        new DeleteUserResolver(deletions),
      ],
    }
  },
}
