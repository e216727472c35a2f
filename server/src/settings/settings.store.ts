import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { AccountSettingEntity } from './account-setting.entity.js'

/** The JSON of the settings with this name, or null if nobody has set them. */
export const findSetting = async (unit: UnitOfWork, name: string): Promise<string | null> => {
  const found = await unit.rows(AccountSettingEntity).findOneBy({ name })
  return found?.value ?? null
}

/** Saves settings, and replaces those with the same name. */
export const saveSetting = async (
  unit: WritingUnitOfWork,
  name: string,
  value: string,
): Promise<void> => {
  await unit.rows(AccountSettingEntity).upsert({ name, value, updatedAt: new Date() }, ['name'])
}
