import { accessModule } from '../access/access.module.js'
import { accountLookModule } from '../account-look/account-look.module.js'
import { accountSettingsModule } from '../account-settings/account-settings.module.js'
import { apiTokensModule } from '../api-tokens/api-tokens.module.js'
import { breachedPasswordsModule } from '../breached-passwords/breached-passwords.module.js'
import { bulkJobsModule, unfinishedBulkJobsModule } from '../bulk-jobs/bulk-jobs.module.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import { homeModule } from '../home/home.module.js'
import { idempotencyModule } from '../idempotency/idempotency.module.js'
import { invitationsModule } from '../invitations/invitations.module.js'
import { ipAuthorizationModule } from '../ip-authorization/ip-authorization.module.js'
import { mailAdministrationModule, mailModule } from '../mail/mail.module.js'
import { myDataModule } from '../my-data/my-data.module.js'
import { NodeResolver } from '../nodes/node.resolver.js'
import { notificationsModule } from '../notifications/notifications.module.js'
import { oneTimeLinksModule } from '../one-time-links/one-time-links.module.js'
import { operationRetentionModule } from '../operation-retention/operation-retention.module.js'
import { operationListModule, operationsModule } from '../operations/operations.module.js'
import { operatorModule } from '../operator/operator.module.js'
import { ownDeletionModule } from '../own-deletion/own-deletion.module.js'
import { passwordAgeModule } from '../password-age/password-age.module.js'
import { passwordHashingModule } from '../password-hashing/password-hashing.module.js'
import { passwordPolicySettingsModule } from '../password-policy-settings/password-policy-settings.module.js'
import { passwordsModule } from '../passwords/passwords.module.js'
import { readinessModule } from '../readiness/readiness.module.js'
import { reauthenticationModule } from '../reauthentication/reauthentication.module.js'
import { secondFactorModule } from '../second-factor/second-factor.module.js'
import { secretsModule } from '../secrets/secrets.module.js'
import { securitySettingsModule } from '../security-settings/security-settings.module.js'
import { sessionsModule } from '../sessions/sessions.module.js'
import { settingsModule } from '../settings/settings.module.js'
import { setupModule } from '../setup/setup.module.js'
import { signInNetworksModule } from '../sign-in-networks/sign-in-networks.module.js'
import { signInNoticesModule } from '../sign-in-notices/sign-in-notices.module.js'
import { throttleModule } from '../throttle/throttle.module.js'
import { trustedDevicesModule } from '../trusted-devices/trusted-devices.module.js'
import { userExportModule } from '../user-export/user-export.module.js'
import { userImportModule } from '../user-import/user-import.module.js'
import { userManagementModule } from '../user-management/user-management.module.js'
import { userSearchModule } from '../user-search/user-search.module.js'
import { usersModule } from '../users/users.module.js'
import { webhooksModule } from '../webhooks/webhooks.module.js'
import { Composition } from './composition.js'

// In order of dependence: a module uses the services of those above it.
const features = Composition.empty
  .add(readinessModule)
  .add(secretsModule)
  .add(settingsModule)
  .add(mailModule)
  .add(signInNetworksModule)
  .add(throttleModule)
  .add(oneTimeLinksModule)
  .add(operationsModule)
  .add(passwordHashingModule)
  .add(usersModule)
  .add(operationListModule)
  .add(apiTokensModule)
  .add(accessModule)
  .add(mailAdministrationModule)
  .add(userSearchModule)
  .add(webhooksModule)
  .add(trustedDevicesModule)
  .add(secondFactorModule)
  .add(ipAuthorizationModule)
  .add(securitySettingsModule)
  .add(accountSettingsModule)
  .add(accountLookModule)
  .add(signInNoticesModule)
  .add(sessionsModule)
  .add(breachedPasswordsModule)
  .add(passwordsModule)
  .add(passwordPolicySettingsModule)
  .add(passwordAgeModule)
  .add(ownDeletionModule)
  .add(unfinishedBulkJobsModule)
  .add(operationRetentionModule)
  .add(userManagementModule)
  .add(userExportModule)
  .add(invitationsModule)
  .add(userImportModule)
  .add(bulkJobsModule)
  .add(reauthenticationModule)
  .add(setupModule)
  .add(homeModule)
  .add(notificationsModule)
  .add(idempotencyModule)
  .add(myDataModule)
  .add(operatorModule)

/** The tables of all features, and their encrypted data, which depends on the secrets key. */
export const { entities, sealed } = features

/** Creates all features on a database. Nothing runs until their jobs are started. */
export const createFeatures = (config: Config, database: Database): Features => {
  const parts = features.create({ config, database })
  return { ...parts, resolvers: [...parts.resolvers, new NodeResolver(parts.nodes)] }
}

/** What {@link createFeatures} creates. */
export type Features = ReturnType<typeof features.create>

/** The services of all features, by name. */
export type Services = Features['services']
