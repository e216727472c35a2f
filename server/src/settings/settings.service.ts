import { type PolicyChanges, readPolicyChanges } from '../config/password-policy-model.js'
import { BriefCache } from '../database/brief-cache.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { type AccountDefaults, accountDefaultsOf } from './account-defaults.js'
import {
  type AccountLogo,
  type AccountLook,
  accountLogoOf,
  accountLookOf,
  storedLogoOf,
} from './account-look.js'
import { type OperationRetention, operationRetentionOf } from './operation-retention.js'
import { type OwnDeletion, ownDeletionOf } from './own-deletion.js'
import { type PasswordAge, passwordAgeOf } from './password-age.js'
import { type SecuritySettings, securitySettingsOf } from './security-settings.js'
import * as store from './settings.store.js'
import { type SetupStepName, skippedStepsOf } from './setup-checklist.js'

const securityName = 'security'
const defaultsName = 'defaults'
const passwordPolicyName = 'passwordPolicy'
const passwordAgeName = 'passwordAge'
const setupChecklistName = 'setupChecklist'
const lastBackupName = 'lastBackup'
const operationRetentionName = 'operationRetention'
const lookName = 'look'
const logoName = 'logo'
const ownDeletionName = 'ownDeletion'
const publicUrlName = 'publicUrl'
const staleForMs = 1000

/**
 * The stored changes to the password policy.
 *
 * @throws Error if the stored value is invalid. To use other rules instead could weaken them.
 */
const passwordPolicyOf = (stored: string | null): PolicyChanges => {
  const read = readPolicyChanges(stored === null ? {} : JSON.parse(stored))
  if ('problems' in read) {
    throw new Error(`The stored password policy is invalid: ${read.problems.join('; ')}.`)
  }
  return read.changes
}

/** Reads and saves the settings of the whole account. */
export class SettingsService {
  private readonly security: BriefCache<SecuritySettings>
  private readonly defaults: BriefCache<AccountDefaults>
  private readonly passwordPolicy: BriefCache<PolicyChanges>
  private readonly passwordAge: BriefCache<PasswordAge>
  private readonly look: BriefCache<AccountLook>
  private readonly logo: BriefCache<AccountLogo | null>
  private readonly ownDeletion: BriefCache<OwnDeletion>

  constructor(private readonly database: Database) {
    this.security = new BriefCache(() => this.database.read(unit => this.readIn(unit)), staleForMs)
    this.defaults = new BriefCache(
      () => this.database.read(unit => this.accountDefaultsIn(unit)),
      staleForMs,
    )
    this.passwordPolicy = new BriefCache(
      () => this.database.read(unit => this.passwordPolicyIn(unit)),
      staleForMs,
    )
    this.passwordAge = new BriefCache(
      () => this.database.read(unit => this.passwordAgeIn(unit)),
      staleForMs,
    )
    this.look = new BriefCache(() => this.database.read(unit => this.lookIn(unit)), staleForMs)
    this.ownDeletion = new BriefCache(
      () => this.database.read(unit => this.ownDeletionIn(unit)),
      staleForMs,
    )
    this.logo = new BriefCache(
      async () =>
        accountLogoOf(await this.database.read(unit => store.findSetting(unit, logoName))),
      staleForMs,
    )
  }

  /**
   * The security settings, cached because every request reads them. A change by another instance or
   * by the command line takes effect within a second.
   */
  read(): Promise<SecuritySettings> {
    return this.security.get()
  }

  /** The security settings, read in a unit of work. */
  async readIn(unit: UnitOfWork): Promise<SecuritySettings> {
    return securitySettingsOf(await store.findSetting(unit, securityName))
  }

  /** The account's defaults, cached as {@link read} does. */
  readAccountDefaults(): Promise<AccountDefaults> {
    return this.defaults.get()
  }

  /** The account's defaults, read in a unit of work. */
  async accountDefaultsIn(unit: UnitOfWork): Promise<AccountDefaults> {
    return accountDefaultsOf(await store.findSetting(unit, defaultsName))
  }

  /** Saves the account's defaults. The caller has validated them. */
  async saveAccountDefaults(unit: WritingUnitOfWork, defaults: AccountDefaults): Promise<void> {
    await store.saveSetting(unit, defaultsName, JSON.stringify(defaults))
    unit.afterCommit(() => this.defaults.forget())
  }

  /**
   * How the password policy differs from that of the configuration; empty until someone saves one.
   * Cached as {@link read} does.
   */
  readPasswordPolicy(): Promise<PolicyChanges> {
    return this.passwordPolicy.get()
  }

  /** As {@link readPasswordPolicy}, read in a unit of work. */
  async passwordPolicyIn(unit: UnitOfWork): Promise<PolicyChanges> {
    return passwordPolicyOf(await store.findSetting(unit, passwordPolicyName))
  }

  /** Saves the password policy. The caller has validated it. */
  async savePasswordPolicy(unit: WritingUnitOfWork, policy: PolicyChanges): Promise<void> {
    await store.saveSetting(unit, passwordPolicyName, JSON.stringify(policy))
    unit.afterCommit(() => this.passwordPolicy.forget())
  }

  /** How old passwords may become, cached as {@link read} does. */
  readPasswordAge(): Promise<PasswordAge> {
    return this.passwordAge.get()
  }

  /** How old passwords may become, read in a unit of work. */
  async passwordAgeIn(unit: UnitOfWork): Promise<PasswordAge> {
    return passwordAgeOf(await store.findSetting(unit, passwordAgeName))
  }

  /** Saves how old passwords may become. The caller has validated it. */
  async savePasswordAge(unit: WritingUnitOfWork, age: PasswordAge): Promise<void> {
    await store.saveSetting(unit, passwordAgeName, JSON.stringify(age))
    unit.afterCommit(() => this.passwordAge.forget())
  }

  /** The steps of the setup that someone has skipped, read in a unit of work. */
  async skippedSetupStepsIn(unit: UnitOfWork): Promise<SetupStepName[]> {
    return skippedStepsOf(await store.findSetting(unit, setupChecklistName))
  }

  /** Saves which steps of the setup are skipped. */
  saveSkippedSetupSteps(
    unit: WritingUnitOfWork,
    skippedSteps: readonly SetupStepName[],
  ): Promise<void> {
    return store.saveSetting(unit, setupChecklistName, JSON.stringify({ skippedSteps }))
  }

  /** Saves that the backup command has made a backup now. */
  async noteBackup(): Promise<void> {
    const at = new Date().toISOString()
    await this.database.write(unit => store.saveSetting(unit, lastBackupName, JSON.stringify(at)))
  }

  /** Whether the backup command has ever made a backup, read in a unit of work. */
  async hasBackupIn(unit: UnitOfWork): Promise<boolean> {
    return (await store.findSetting(unit, lastBackupName)) !== null
  }

  /** How long operations are kept. Not cached, because only a background job and a page read it. */
  readOperationRetention(): Promise<OperationRetention> {
    return this.database.read(unit => this.operationRetentionIn(unit))
  }

  /** How long operations are kept, read in a unit of work. */
  async operationRetentionIn(unit: UnitOfWork): Promise<OperationRetention> {
    return operationRetentionOf(await store.findSetting(unit, operationRetentionName))
  }

  /** Saves how long operations are kept. The caller has validated it. */
  async saveOperationRetention(
    unit: WritingUnitOfWork,
    retention: OperationRetention,
  ): Promise<void> {
    await store.saveSetting(unit, operationRetentionName, JSON.stringify(retention))
  }

  /** How the account looks, cached as {@link read} does. */
  readLook(): Promise<AccountLook> {
    return this.look.get()
  }

  /** How the account looks, read in a unit of work. */
  async lookIn(unit: UnitOfWork): Promise<AccountLook> {
    return accountLookOf(await store.findSetting(unit, lookName))
  }

  /** The logo of the account, or null, cached as {@link read} does. */
  readLogo(): Promise<AccountLogo | null> {
    return this.logo.get()
  }

  /**
   * Saves how the account looks. The caller has validated it.
   *
   * @param logo the new logo; null to remove it, undefined to keep it.
   */
  async saveLook(
    unit: WritingUnitOfWork,
    look: AccountLook,
    logo: AccountLogo | null | undefined,
  ): Promise<void> {
    await store.saveSetting(unit, lookName, JSON.stringify(look))
    if (logo !== undefined) await store.saveSetting(unit, logoName, storedLogoOf(logo))
    unit.afterCommit(() => {
      this.look.forget()
      this.logo.forget()
    })
  }

  /** Whether users may delete their own accounts, cached as {@link read} does. */
  readOwnDeletion(): Promise<OwnDeletion> {
    return this.ownDeletion.get()
  }

  /** Whether users may delete their own accounts, read in a unit of work. */
  async ownDeletionIn(unit: UnitOfWork): Promise<OwnDeletion> {
    return ownDeletionOf(await store.findSetting(unit, ownDeletionName))
  }

  /** Saves whether users may delete their own accounts. */
  async saveOwnDeletion(unit: WritingUnitOfWork, setting: OwnDeletion): Promise<void> {
    await store.saveSetting(unit, ownDeletionName, JSON.stringify(setting))
    unit.afterCommit(() => this.ownDeletion.forget())
  }

  /** Saves the public address of the server that starts, for {@link findPublicUrl}. */
  async notePublicUrl({ origin }: URL): Promise<void> {
    if ((await this.findPublicUrl())?.origin === origin) return
    await this.database.write(unit =>
      store.saveSetting(unit, publicUrlName, JSON.stringify(origin)),
    )
  }

  /**
   * The public address of the server that started last, or null if none has started yet. The command
   * line runs without the server's environment, and its links must lead to this address.
   */
  async findPublicUrl(): Promise<URL | null> {
    const noted = await this.database.read(unit => store.findSetting(unit, publicUrlName))
    return noted === null ? null : new URL(JSON.parse(noted))
  }

  /** Saves the security settings. The caller has validated them. */
  async replace(unit: WritingUnitOfWork, settings: SecuritySettings): Promise<void> {
    await store.saveSetting(unit, securityName, JSON.stringify(settings))
    unit.afterCommit(() => this.security.forget())
  }
}
