import { BulkJobs1765250052000 } from './bulk-jobs.js'
import { Heartbeats1765100034000 } from './heartbeats.js'
import { HomeFigures1765300057000 } from './home-figures.js'
import { IdempotencyByCredential1764900001000 } from './idempotency-by-credential.js'
import { IdempotencyWork1765100001000 } from './idempotency-work.js'
import { ImportedHashes1765240051000 } from './imported-hashes.js'
import { LinkCreators1765280056000 } from './link-creators.js'
import { LoginChanged1765280056001 } from './login-changed.js'
import { LoginVerified1765210048000 } from './login-verified.js'
import { MailDelivery1765180035000 } from './mail-delivery.js'
import { Notifications1765300068000 } from './notifications.js'
import { OperationChanges1764900002000 } from './operation-changes.js'
import { OperationCut1765300061000 } from './operation-cut.js'
import { OperationsByApiToken1764900000000 } from './operations-by-api-token.js'
import { OwnDeletions1765300063000 } from './own-deletions.js'
import { PasswordAge1765270055000 } from './password-age.js'
import { InitialSchema1764200000000 } from './postgres/1764200000000-initial-schema.js'
import { ShortWords1764250000000 } from './postgres/1764250000000-short-words.js'
import { People1764300000000 as PostgresPeople } from './postgres/1764300000000-people.js'
import { Settings1764400000000 as PostgresSettings } from './postgres/1764400000000-settings.js'
import { SecondFactor1764500000000 as PostgresSecondFactor } from './postgres/1764500000000-second-factor.js'
import { Webhooks1764700000000 as PostgresWebhooks } from './postgres/1764700000000-webhooks.js'
import { ApiTokens1764800000000 as PostgresApiTokens } from './postgres/1764800000000-api-tokens.js'
import { Idempotency1764800001000 as PostgresIdempotency } from './postgres/1764800001000-idempotency.js'
import { RefusedSignInSum1765300072000 } from './refused-sign-in-sum.js'
import { RequiredChange1765215053000 } from './required-change.js'
import { SecretsAtRest1765000000000 } from './secrets-at-rest.js'
import { FirstTables1764000000000 } from './sqlite/1764000000000-first-tables.js'
import { OperationChain1764100000000 } from './sqlite/1764100000000-operation-chain.js'
import { Consequences1764100001000 } from './sqlite/1764100001000-consequences.js'
import { ManyUsers1764200000000 } from './sqlite/1764200000000-many-users.js'
import { People1764300000000 as SqlitePeople } from './sqlite/1764300000000-people.js'
import { Erasure1764300001000 } from './sqlite/1764300001000-erasure.js'
import { Settings1764400000000 as SqliteSettings } from './sqlite/1764400000000-settings.js'
import { SecondFactor1764500000000 as SqliteSecondFactor } from './sqlite/1764500000000-second-factor.js'
import { Webhooks1764700000000 as SqliteWebhooks } from './sqlite/1764700000000-webhooks.js'
import { ApiTokens1764800000000 as SqliteApiTokens } from './sqlite/1764800000000-api-tokens.js'
import { Idempotency1764800001000 as SqliteIdempotency } from './sqlite/1764800001000-idempotency.js'
import { SuspendedApiTokens1765220049000 } from './suspended-api-tokens.js'
import { TemporaryPasswords1765300066000 } from './temporary-passwords.js'
import { TextKeys1765190039000 } from './text-keys.js'
import { UserExternalId1765300071000 } from './user-external-id.js'
import { UserFilters1765300058000 } from './user-filters.js'
import { UserMetadata1765300073000 } from './user-metadata.js'
import { UserTimes1765300070000 } from './user-times.js'

/** Every migration of a SQLite file, oldest first. Appended to, never edited. */
export const sqliteMigrations = [
  FirstTables1764000000000,
  OperationChain1764100000000,
  Consequences1764100001000,
  ManyUsers1764200000000,
  SqlitePeople,
  Erasure1764300001000,
  SqliteSettings,
  SqliteSecondFactor,
  SqliteWebhooks,
  SqliteApiTokens,
  SqliteIdempotency,
  OperationsByApiToken1764900000000,
  IdempotencyByCredential1764900001000,
  OperationChanges1764900002000,
  SecretsAtRest1765000000000,
  IdempotencyWork1765100001000,
  Heartbeats1765100034000,
  MailDelivery1765180035000,
  TextKeys1765190039000,
  LoginVerified1765210048000,
  RequiredChange1765215053000,
  SuspendedApiTokens1765220049000,
  ImportedHashes1765240051000,
  BulkJobs1765250052000,
  PasswordAge1765270055000,
  LinkCreators1765280056000,
  LoginChanged1765280056001,
  HomeFigures1765300057000,
  UserFilters1765300058000,
  OperationCut1765300061000,
  OwnDeletions1765300063000,
  TemporaryPasswords1765300066000,
  Notifications1765300068000,
  UserTimes1765300070000,
  UserExternalId1765300071000,
  RefusedSignInSum1765300072000,
  UserMetadata1765300073000,
]

/** Every migration of a PostgreSQL database, oldest first. Appended to, never edited. */
export const postgresMigrations = [
  InitialSchema1764200000000,
  ShortWords1764250000000,
  PostgresPeople,
  PostgresSettings,
  PostgresSecondFactor,
  PostgresWebhooks,
  PostgresApiTokens,
  PostgresIdempotency,
  OperationsByApiToken1764900000000,
  IdempotencyByCredential1764900001000,
  OperationChanges1764900002000,
  SecretsAtRest1765000000000,
  IdempotencyWork1765100001000,
  Heartbeats1765100034000,
  MailDelivery1765180035000,
  TextKeys1765190039000,
  LoginVerified1765210048000,
  RequiredChange1765215053000,
  SuspendedApiTokens1765220049000,
  ImportedHashes1765240051000,
  BulkJobs1765250052000,
  PasswordAge1765270055000,
  LinkCreators1765280056000,
  LoginChanged1765280056001,
  HomeFigures1765300057000,
  UserFilters1765300058000,
  OperationCut1765300061000,
  OwnDeletions1765300063000,
  TemporaryPasswords1765300066000,
  Notifications1765300068000,
  UserTimes1765300070000,
  UserExternalId1765300071000,
  RefusedSignInSum1765300072000,
  UserMetadata1765300073000,
]
