import { BriefCache } from '../database/brief-cache.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { type AccountDefaults, accountDefaultsOf } from './account-defaults.js'
import { type SecuritySettings, securitySettingsOf } from './security-settings.js'
import * as store from './settings.store.js'

const securityName = 'security'
const defaultsName = 'defaults'
const publicUrlName = 'publicUrl'
const staleForMs = 1000

/** Reads and saves the settings of the whole account. */
export class SettingsService {
  private readonly security: BriefCache<SecuritySettings>
  private readonly defaults: BriefCache<AccountDefaults>

  constructor(private readonly database: Database) {
    this.security = new BriefCache(() => this.database.read(unit => this.readIn(unit)), staleForMs)
    this.defaults = new BriefCache(
      () => this.database.read(unit => this.accountDefaultsIn(unit)),
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
