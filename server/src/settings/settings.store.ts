import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { AccountSettingEntity } from './account-setting.entity.js'

/** The JSON of the settings of that name, or null while nobody has set them. */
export const findSetting = async (unit: UnitOfWork, name: string): Promise<string | null> => {
  const found = await unit.rows(AccountSettingEntity).findOneBy({ name })
  return found?.value ?? null
}

/** Keeps settings, in place of those of the same name. */
export const saveSetting = async (
  unit: WritingUnitOfWork,
  name: string,
  value: string,
): Promise<void> => {
  await unit.rows(AccountSettingEntity).upsert({ name, value, updatedAt: new Date() }, ['name'])
}
