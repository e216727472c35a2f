import type { Database } from '../database/database.js'
import { AccountSettingEntity } from './account-setting.entity.js'
import { SettingsService } from './settings.service.js'

/** The settings of the account, for other features to read. */
export const settingsModule = {
  entities: [AccountSettingEntity],
  create: ({ database }: { database: Database }) => ({
    services: { settings: new SettingsService(database) },
  }),
}
