import type { ClassType } from 'type-graphql'
import { AccessGuard } from './access/access-guard.service.js'
import { ApiTokenResolver } from './api-tokens/api-token.resolver.js'
import { ApiTokenService } from './api-tokens/api-token.service.js'
import { ApiTokenVerifier } from './api-tokens/api-token-verifier.js'
import type { Config } from './config/config.js'
import type { Database } from './database/database.js'
import { IdempotencyService } from './idempotency/idempotency.service.js'
import { ActivationResolver } from './invitations/activation.resolver.js'
import { ActivationService } from './invitations/activation.service.js'
import { InvitationResolver } from './invitations/invitation.resolver.js'
import { InvitationService } from './invitations/invitation.service.js'
import { IpAuthorizationResolver } from './ip-authorization/ip-authorization.resolver.js'
import { IpAuthorizationService } from './ip-authorization/ip-authorization.service.js'
import { MailService } from './mail/mail.service.js'
import { folderTransport, smtpTransport } from './mail/mail-transport.js'
import { MyDataService } from './my-data/my-data.service.js'
import { OneTimeLinkResolver } from './one-time-links/one-time-link.resolver.js'
import { OneTimeLinkService } from './one-time-links/one-time-link.service.js'
import { OperationResolver } from './operations/operation.resolver.js'
import { OperationService } from './operations/operation.service.js'
import { OperatorService } from './operator/operator.service.js'
import { ChangePasswordResolver } from './passwords/change-password.resolver.js'
import { ChangePasswordService } from './passwords/change-password.service.js'
import { NewPasswordService } from './passwords/new-password.service.js'
import { PasswordHasher } from './passwords/password-hasher.js'
import { PasswordPolicyResolver } from './passwords/password-policy.resolver.js'
import { PasswordPolicyService } from './passwords/password-policy.service.js'
import { RequestPasswordResetService } from './passwords/request-password-reset.service.js'
import { ResetPasswordResolver } from './passwords/reset-password.resolver.js'
import { ResetPasswordService } from './passwords/reset-password.service.js'
import { ReauthenticationResolver } from './reauthentication/reauthentication.resolver.js'
import { ReauthenticationService } from './reauthentication/reauthentication.service.js'
import { EnrolmentResolver } from './second-factor/enrolment.resolver.js'
import { EnrolmentService } from './second-factor/enrolment.service.js'
import { PasskeyCeremonies } from './second-factor/passkey-ceremonies.js'
import { SecondFactorResolver } from './second-factor/second-factor.resolver.js'
import { SecondFactorService } from './second-factor/second-factor.service.js'
import { SecondFactorVerifier } from './second-factor/second-factor-verifier.js'
import { SecondStepService } from './second-factor/second-step.service.js'
import { SignInChallengeResolver } from './second-factor/sign-in-challenge.resolver.js'
import { SignInChallengeService } from './second-factor/sign-in-challenge.service.js'
import { SmsGateway } from './second-factor/sms-gateway.js'
import { SmsSender } from './second-factor/sms-sender.js'
import { SecretBox } from './secrets/secret-box.service.js'
import { SessionResolver } from './sessions/session.resolver.js'
import { SessionService } from './sessions/session.service.js'
import { hasNotEnded } from './sessions/session.store.js'
import { SettingsResolver } from './settings/settings.resolver.js'
import { SettingsService } from './settings/settings.service.js'
import { UpdateSecuritySettingsService } from './settings/update-security-settings.service.js'
import { SetupResolver } from './setup/setup.resolver.js'
import { SetupService } from './setup/setup.service.js'
import { SignInNoticeService } from './sign-in-notices/sign-in-notice.service.js'
import { DeviceTokenService } from './throttle/device-token.service.js'
import { ThrottleService } from './throttle/throttle.service.js'
import { TrustedDeviceResolver } from './trusted-devices/trusted-device.resolver.js'
import { TrustedDeviceService } from './trusted-devices/trusted-device.service.js'
import { AccessResolver } from './user-management/access.resolver.js'
import { AccessService } from './user-management/access.service.js'
import { DeleteUserResolver } from './user-management/delete-user.resolver.js'
import { DeleteUserService } from './user-management/delete-user.service.js'
import { UserSelectionService } from './user-management/user-selection.service.js'
import { UserStatusResolver } from './user-management/user-status.resolver.js'
import { UserStatusService } from './user-management/user-status.service.js'
import { UserSearchResolver } from './user-search/user-search.resolver.js'
import { UserSearchService } from './user-search/user-search.service.js'
import { UserResolver } from './users/user.resolver.js'
import { UserService } from './users/user.service.js'
import { UserReader } from './users/user-reader.js'
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
  const settings = new SettingsService(database)
  const { smtpUrl } = config.mail
  const transport = smtpUrl === null ? folderTransport(config.outboxDir) : smtpTransport(smtpUrl)
  const mail = new MailService(database, transport, config.mail)
  const secrets = new SecretBox(database, config.secrets)
  const webhookOutbox = new WebhookOutbox(
    database,
    new UserReader(),
    secrets,
    mail,
    new WebhookSender(config.webhooks),
    config.webhooks,
    config.publicUrl,
  )
  const operations = new OperationService(database, webhookOutbox)
  const apiTokenVerifier = new ApiTokenVerifier(database)
  const users = new UserService(
    database,
    operations,
    links,
    hasNotEnded,
    apiTokenVerifier,
    throttle,
    mail,
    config.publicUrl,
  )
  const userSearch = new UserSearchService(database)
  const apiTokens = new ApiTokenService(database, users, operations, mail, config.publicUrl)
  const guard = new AccessGuard(database, users, operations)
  const passkeys = new PasskeyCeremonies(config.publicUrl)
  const { smsGatewayUrl } = config
  const gateway = smsGatewayUrl === null ? null : new SmsGateway(smsGatewayUrl)
  const sms = new SmsSender(gateway, config.publicUrl)
  const trustedDevices = new TrustedDeviceService(database, users, settings, operations)
  const secondFactors = new SecondFactorService(
    database,
    guard,
    users,
    settings,
    trustedDevices,
    operations,
    mail,
    secrets,
    { publicUrl: config.publicUrl, smsAvailable: sms.isAvailable },
  )
  const verifier = new SecondFactorVerifier(secrets, passkeys)
  const challenges = new SignInChallengeService(
    database,
    users,
    settings,
    secondFactors,
    trustedDevices,
    verifier,
    throttle,
    secrets,
    passkeys,
    sms,
  )
  const enrolments = new EnrolmentService(
    database,
    users,
    settings,
    secondFactors,
    operations,
    throttle,
    secrets,
    passkeys,
    sms,
  )
  const ipAuthorization = new IpAuthorizationService(database, settings, operations, guard)
  const securitySettings = new UpdateSecuritySettingsService(
    settings,
    ipAuthorization,
    users,
    operations,
    guard,
    sms.isAvailable,
  )
  const notices = new SignInNoticeService(database, mail, config.publicUrl)
  const sessions = new SessionService(
    database,
    users,
    operations,
    throttle,
    devices,
    hasher,
    challenges,
    ipAuthorization,
    notices,
    config.session,
  )
  const newPasswords = new NewPasswordService(database, users, links, hasher, policy)
  const secondSteps = new SecondStepService(
    database,
    users,
    sessions,
    settings,
    challenges,
    secondFactors,
    verifier,
    trustedDevices,
    passkeys,
    operations,
    throttle,
    devices,
    ipAuthorization,
  )
  const passwords = new ChangePasswordService(
    database,
    users,
    sessions,
    operations,
    mail,
    throttle,
    hasher,
    newPasswords,
    secondFactors,
    apiTokens,
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
    ipAuthorization,
    operations,
    links,
    mail,
    throttle,
    hasher,
    newPasswords,
    apiTokens,
    config.publicUrl,
  )
  const selection = new UserSelectionService(guard, users, operations)
  const access = new AccessService(guard, selection, users, operations)
  const userStatuses = new UserStatusService(
    selection,
    users,
    sessions,
    secondFactors,
    links,
    apiTokens,
  )
  const deletions = new DeleteUserService(guard, users, operations, mail, throttle)
  const invitations = new InvitationService(
    database,
    guard,
    users,
    operations,
    links,
    mail,
    throttle,
    config.publicUrl,
  )
  const activations = new ActivationService(
    database,
    users,
    sessions,
    devices,
    ipAuthorization,
    operations,
    links,
    hasher,
    policy,
  )
  const reauthentication = new ReauthenticationService(
    database,
    users,
    sessions,
    operations,
    throttle,
    devices,
    hasher,
    challenges,
  )
  const setup = new SetupService(
    database,
    users,
    sessions,
    devices,
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
    secondFactors,
    trustedDevices,
    apiTokens,
    notices,
    operations,
    webhookOutbox,
  )
  const operator = new OperatorService(
    database,
    settings,
    users,
    links,
    secondFactors,
    operations,
    config.publicUrl,
  )
  const webhooks = new WebhookService(
    database,
    guard,
    operations,
    secrets,
    webhookOutbox,
    config.webhooks,
  )
  const idempotency = new IdempotencyService(database, secrets, sessions)
  return {
    hasher,
    policy,
    throttle,
    operations,
    links,
    mail,
    secrets,
    devices,
    settings,
    ipAuthorization,
    securitySettings,
    users,
    userSearch,
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
    reauthentication,
    setup,
    sms,
    secondFactors,
    enrolments,
    challenges,
    secondSteps,
    trustedDevices,
    operator,
    webhooks,
    webhookOutbox,
    apiTokens,
    apiTokenVerifier,
    idempotency,
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
    [UserSearchResolver, new UserSearchResolver(services.userSearch)],
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
    [
      SignInChallengeResolver,
      new SignInChallengeResolver(services.challenges, services.secondSteps),
    ],
    [EnrolmentResolver, new EnrolmentResolver(services.enrolments)],
    [SecondFactorResolver, new SecondFactorResolver(services.secondFactors)],
    [TrustedDeviceResolver, new TrustedDeviceResolver(services.trustedDevices)],
    [ReauthenticationResolver, new ReauthenticationResolver(services.reauthentication)],
    [SettingsResolver, new SettingsResolver(services.settings, services.securitySettings)],
    [
      IpAuthorizationResolver,
      new IpAuthorizationResolver(services.ipAuthorization, services.users),
    ],
    [SetupResolver, new SetupResolver(services.setup)],
    [WebhookResolver, new WebhookResolver(services.webhooks, services.users)],
    [WebhookDeliveryResolver, new WebhookDeliveryResolver(services.webhooks)],
    [ApiTokenResolver, new ApiTokenResolver(services.apiTokens)],
  ])
