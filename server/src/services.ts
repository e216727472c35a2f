import type { ClassType } from 'type-graphql'
import { AccessResolver } from './access/access.resolver.js'
import { AccessService } from './access/access.service.js'
import { PermissionGuard } from './access/permission-guard.js'
import type { Config } from './config/config.js'
import type { Database } from './database/database.js'
import { InvitationResolver } from './invitations/invitation.resolver.js'
import { InvitationService } from './invitations/invitation.service.js'
import { MailService } from './mail/mail.service.js'
import { folderTransport, smtpTransport } from './mail/mail-transport.js'
import { OneTimeLinkService } from './one-time-links/one-time-link.service.js'
import { OperationResolver } from './operations/operation.resolver.js'
import { OperationService } from './operations/operation.service.js'
import { ChangePasswordResolver } from './passwords/change-password.resolver.js'
import { ChangePasswordService } from './passwords/change-password.service.js'
import { PasswordHasher } from './passwords/password-hasher.js'
import { PasswordPolicyResolver } from './passwords/password-policy.resolver.js'
import { PasswordPolicyService } from './passwords/password-policy.service.js'
import { SessionResolver } from './sessions/session.resolver.js'
import { SessionService } from './sessions/session.service.js'
import { SetupResolver } from './setup/setup.resolver.js'
import { SetupService } from './setup/setup.service.js'
import { DeviceTokenService } from './throttle/device-token.service.js'
import { ThrottleService } from './throttle/throttle.service.js'
import { UserResolver } from './users/user.resolver.js'
import { UserService } from './users/user.service.js'
import { UserStatusResolver } from './users/user-status.resolver.js'
import { UserStatusService } from './users/user-status.service.js'

/** Every service, made with what it stands on. */
export const createServices = (config: Config, database: Database) => {
  const hasher = new PasswordHasher(config.hashing)
  const policy = new PasswordPolicyService(config.passwordPolicy)
  const throttle = new ThrottleService(database, config.throttle)
  const operations = new OperationService(database)
  const links = new OneTimeLinkService(database)
  const devices = new DeviceTokenService(database)
  const { smtpUrl } = config.mail
  const transport = smtpUrl === null ? folderTransport(config.outboxDir) : smtpTransport(smtpUrl)
  const mail = new MailService(database, transport, config.mail)
  const users = new UserService(database, operations, links)
  const sessions = new SessionService(
    database,
    users,
    operations,
    throttle,
    devices,
    hasher,
    config.session,
  )
  const passwords = new ChangePasswordService(
    database,
    users,
    sessions,
    operations,
    links,
    mail,
    throttle,
    hasher,
    policy,
    config.publicUrl,
  )
  const setup = new SetupService(database, users, sessions, operations, links, hasher, policy)
  const guard = new PermissionGuard(users, operations)
  const access = new AccessService(database, users, operations, guard)
  const invitations = new InvitationService(
    database,
    users,
    sessions,
    operations,
    links,
    mail,
    hasher,
    policy,
    guard,
    config.publicUrl,
  )
  const userStatus = new UserStatusService(
    database,
    users,
    sessions,
    operations,
    links,
    mail,
    throttle,
    guard,
  )
  return {
    hasher,
    policy,
    throttle,
    operations,
    links,
    mail,
    devices,
    users,
    userStatus,
    access,
    invitations,
    sessions,
    passwords,
    setup,
    /** Throws when the database does not answer. */
    pingDatabase: () => database.ping(),
  }
}

/** What {@link createServices} makes. */
export type Services = ReturnType<typeof createServices>

/** Every resolver, made with its services. */
export const createResolvers = (services: Services, config: Config): Map<ClassType, object> =>
  new Map<ClassType, object>([
    [UserResolver, new UserResolver(services.users)],
    [UserStatusResolver, new UserStatusResolver(services.userStatus)],
    [AccessResolver, new AccessResolver(services.access)],
    [InvitationResolver, new InvitationResolver(services.invitations)],
    [SessionResolver, new SessionResolver(services.sessions)],
    [ChangePasswordResolver, new ChangePasswordResolver(services.passwords)],
    [PasswordPolicyResolver, new PasswordPolicyResolver(config.passwordPolicy)],
    [OperationResolver, new OperationResolver(services.operations, services.users)],
    [SetupResolver, new SetupResolver(services.setup)],
  ])
