import type { ClassType } from 'type-graphql'
import { AccessResolver } from './access/access.resolver.js'
import { AccessService } from './access/access.service.js'
import { AccessGuard } from './access/access-guard.service.js'
import type { Config } from './config/config.js'
import type { Database } from './database/database.js'
import { ActivationResolver } from './invitations/activation.resolver.js'
import { ActivationService } from './invitations/activation.service.js'
import { InvitationResolver } from './invitations/invitation.resolver.js'
import { InvitationService } from './invitations/invitation.service.js'
import { MailService } from './mail/mail.service.js'
import { folderTransport, smtpTransport } from './mail/mail-transport.js'
import { MyDataService } from './my-data/my-data.service.js'
import { OneTimeLinkResolver } from './one-time-links/one-time-link.resolver.js'
import { OneTimeLinkService } from './one-time-links/one-time-link.service.js'
import { OperationResolver } from './operations/operation.resolver.js'
import { OperationService } from './operations/operation.service.js'
import { ChangePasswordResolver } from './passwords/change-password.resolver.js'
import { ChangePasswordService } from './passwords/change-password.service.js'
import { NewPasswordService } from './passwords/new-password.service.js'
import { PasswordHasher } from './passwords/password-hasher.js'
import { PasswordPolicyResolver } from './passwords/password-policy.resolver.js'
import { PasswordPolicyService } from './passwords/password-policy.service.js'
import { RequestPasswordResetService } from './passwords/request-password-reset.service.js'
import { ResetPasswordResolver } from './passwords/reset-password.resolver.js'
import { ResetPasswordService } from './passwords/reset-password.service.js'
import { SecretBox } from './secrets/secret-box.service.js'
import { SessionResolver } from './sessions/session.resolver.js'
import { SessionService } from './sessions/session.service.js'
import { SetupResolver } from './setup/setup.resolver.js'
import { SetupService } from './setup/setup.service.js'
import { DeviceTokenService } from './throttle/device-token.service.js'
import { ThrottleService } from './throttle/throttle.service.js'
import { DeleteUserResolver } from './users/delete-user.resolver.js'
import { DeleteUserService } from './users/delete-user.service.js'
import { UserResolver } from './users/user.resolver.js'
import { UserService } from './users/user.service.js'
import { UserSelectionService } from './users/user-selection.service.js'
import { UserStatusResolver } from './users/user-status.resolver.js'
import { UserStatusService } from './users/user-status.service.js'
import { WebhookDeliveryResolver, WebhookResolver } from './webhooks/webhook.resolver.js'
import { WebhookService } from './webhooks/webhook.service.js'
import { WebhookOutbox } from './webhooks/webhook-outbox.service.js'
import { WebhookSender } from './webhooks/webhook-sender.js'

/** Every service, made with what it stands on. */
export const createServices = (config: Config, database: Database) => {
  const hasher = new PasswordHasher(config.hashing)
  const policy = new PasswordPolicyService(config.passwordPolicy)
  const throttle = new ThrottleService(database, config.throttle)
  const links = new OneTimeLinkService(database)
  const devices = new DeviceTokenService(database)
  const { smtpUrl } = config.mail
  const transport = smtpUrl === null ? folderTransport(config.outboxDir) : smtpTransport(smtpUrl)
  const mail = new MailService(database, transport, config.mail)
  const secrets = new SecretBox(database, config.secrets)
  const webhookOutbox = new WebhookOutbox(
    database,
    secrets,
    mail,
    new WebhookSender(config.webhooks),
    config.webhooks,
    config.publicUrl,
  )
  const operations = new OperationService(database, webhookOutbox)
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
  const newPasswords = new NewPasswordService(database, users, links, hasher, policy)
  const passwords = new ChangePasswordService(
    database,
    users,
    sessions,
    operations,
    mail,
    throttle,
    hasher,
    newPasswords,
    config.publicUrl,
  )
  const resetRequests = new RequestPasswordResetService(
    database,
    users,
    operations,
    links,
    mail,
    throttle,
    config.publicUrl,
  )
  const resets = new ResetPasswordService(
    database,
    sessions,
    operations,
    links,
    mail,
    throttle,
    hasher,
    newPasswords,
    config.publicUrl,
  )
  const guard = new AccessGuard(database, users, operations)
  const selection = new UserSelectionService(guard, users, operations)
  const access = new AccessService(guard, selection, users, operations)
  const userStatuses = new UserStatusService(selection, users, sessions, links)
  const deletions = new DeleteUserService(guard, users, operations, mail, throttle)
  const invitations = new InvitationService(
    database,
    guard,
    users,
    operations,
    links,
    mail,
    config.publicUrl,
  )
  const activations = new ActivationService(
    database,
    users,
    sessions,
    operations,
    links,
    hasher,
    policy,
  )
  const myData = new MyDataService(
    users,
    sessions,
    links,
    mail,
    newPasswords,
    operations,
    webhookOutbox,
  )
  const webhooks = new WebhookService(
    database,
    guard,
    operations,
    secrets,
    webhookOutbox,
    config.webhooks,
  )
  const setup = new SetupService(database, users, sessions, operations, links, hasher, policy)
  return {
    hasher,
    policy,
    throttle,
    operations,
    links,
    mail,
    secrets,
    devices,
    users,
    sessions,
    passwords,
    resetRequests,
    resets,
    access,
    userStatuses,
    deletions,
    invitations,
    activations,
    myData,
    setup,
    webhooks,
    webhookOutbox,
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
    [UserStatusResolver, new UserStatusResolver(services.userStatuses)],
    [DeleteUserResolver, new DeleteUserResolver(services.deletions)],
    [AccessResolver, new AccessResolver(services.access)],
    [InvitationResolver, new InvitationResolver(services.invitations)],
    [ActivationResolver, new ActivationResolver(services.activations)],
    [SessionResolver, new SessionResolver(services.sessions)],
    [ChangePasswordResolver, new ChangePasswordResolver(services.passwords)],
    [ResetPasswordResolver, new ResetPasswordResolver(services.resetRequests, services.resets)],
    [OneTimeLinkResolver, new OneTimeLinkResolver(services.links)],
    [PasswordPolicyResolver, new PasswordPolicyResolver(config.passwordPolicy)],
    [OperationResolver, new OperationResolver(services.operations, services.users)],
    [SetupResolver, new SetupResolver(services.setup)],
    [WebhookResolver, new WebhookResolver(services.webhooks, services.users)],
    [WebhookDeliveryResolver, new WebhookDeliveryResolver(services.webhooks)],
  ])
