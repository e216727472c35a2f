import { BriefCache } from '../database/brief-cache.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { type SecuritySettings, securitySettingsOf } from './security-settings.js'
import * as store from './settings.store.js'

const securityName = 'security'
const staleForMs = 1000

/** Keeps the settings of the whole account. */
export class SettingsService {
  private readonly security: BriefCache<SecuritySettings>

  constructor(private readonly database: Database) {
    this.security = new BriefCache(() => this.database.read(unit => this.readIn(unit)), staleForMs)
  }

  /**
   * The security settings, for what each request asks: no query most of the time. What
   * another instance, or the command line, has set is seen within a second.
   */
  read(): Promise<SecuritySettings> {
    return this.security.get()
  }

  /** The security settings as they are in a unit of work. */
  async readIn(unit: UnitOfWork): Promise<SecuritySettings> {
    return securitySettingsOf(await store.findSetting(unit, securityName))
  }

  /** Puts security settings in place. The caller has judged them. */
  async replace(unit: WritingUnitOfWork, settings: SecuritySettings): Promise<void> {
    await store.saveSetting(unit, securityName, JSON.stringify(settings))
    unit.afterCommit(() => this.security.forget())
  }
}
