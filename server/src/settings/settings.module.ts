import type { Database } from '../database/database.js'
import { AccountSettingEntity } from './account-setting.entity.js'
import { SettingsService } from './settings.service.js'

/** The settings of the account, as other features read them. */
export const settingsModule = {
  entities: [AccountSettingEntity],
  create: ({ database }: { database: Database }) => ({
    services: { settings: new SettingsService(database) },
  }),
}
