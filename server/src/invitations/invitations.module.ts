import type { AccessGuard } from '../access/access-guard.service.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import type { MailService } from '../mail/mail.service.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordService } from '../passwords/password.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { DeviceTokenService } from '../throttle/device-token.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { AdministratorNoticeService } from '../user-management/administrator-notice.service.js'
import type { UserSelectionService } from '../user-management/user-selection.service.js'
import type { UserService } from '../users/user.service.js'
import { ActivationResolver } from './activation.resolver.js'
import { ActivationService } from './activation.service.js'
import { InvitationResolver } from './invitation.resolver.js'
import { InvitationService } from './invitation.service.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly guard: AccessGuard
  readonly users: UserService
  readonly sessions: SessionService
  readonly operations: OperationService
  readonly links: OneTimeLinkService
  readonly mail: MailService
  readonly throttle: ThrottleService
  readonly devices: DeviceTokenService
  readonly ipAuthorization: IpAuthorizationService
  readonly passwords: PasswordService
  readonly settings: SettingsService
  readonly userSelection: UserSelectionService
  readonly administratorNotices: AdministratorNoticeService
}

/** Invites users, and activates the accounts of invited users. */
export const invitationsModule = {
  create: (needs: Needs) => {
    const { config, database, guard, users, sessions, operations, links, mail } = needs
    const { throttle, devices, ipAuthorization, passwords, settings } = needs
    const { userSelection, administratorNotices } = needs
    const invitations = new InvitationService(
      database,
      guard,
      users,
      operations,
      links,
      mail,
      throttle,
      config.publicUrl,
      settings,
      userSelection,
      administratorNotices,
    )
    const activations = new ActivationService(
      database,
      sessions,
      devices,
      ipAuthorization,
      operations,
      links,
      passwords,
    )
    return {
      services: { invitations, activations },
      resolvers: [new InvitationResolver(invitations), new ActivationResolver(activations)],
    }
  },
}
