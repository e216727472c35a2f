import { idStretch } from '../database/id-stretch.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { AllowedAddressEntity } from './allowed-address.entity.js'

/** Every allowed address; there are few, see `mostAllowedAddresses`. */
export const listAllAllowed = (unit: UnitOfWork): Promise<AllowedAddressEntity[]> =>
  unit.rows(AllowedAddressEntity).find()

/** A stretch of the list, in the order it was written. */
export const listAllowed = (
  unit: UnitOfWork,
  stretch: Stretch<string>,
): Promise<AllowedAddressEntity[]> => {
  const { ids, page } = idStretch(stretch)
  return unit.rows(AllowedAddressEntity).find({ where: ids, ...page })
}

/** How many there are. */
export const countAllowed = (unit: UnitOfWork): Promise<number> =>
  unit.rows(AllowedAddressEntity).count()

/** Keeps a new one. */
export const insertAllowed = async (
  unit: WritingUnitOfWork,
  address: AllowedAddressEntity,
): Promise<void> => {
  await unit.rows(AllowedAddressEntity).insert(address)
}

/** Removes one. */
export const deleteAllowed = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(AllowedAddressEntity).delete({ id })
}
