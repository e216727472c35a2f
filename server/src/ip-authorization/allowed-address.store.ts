import { In } from 'typeorm'
import { idStretch } from '../database/id-stretch.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { AllowedAddressEntity } from './allowed-address.entity.js'

/** Every allowed address; there are few, see `maxAllowedAddresses`. */
export const listAllAllowed = (unit: UnitOfWork): Promise<AllowedAddressEntity[]> =>
  unit.rows(AllowedAddressEntity).find()

/** A part of the list, oldest first. */
export const listAllowed = (
  unit: UnitOfWork,
  stretch: Stretch<string>,
): Promise<AllowedAddressEntity[]> => {
  const { ids, page } = idStretch(stretch)
  return unit.rows(AllowedAddressEntity).find({ where: ids, ...page })
}

/** The allowed addresses with these ids, in no order. */
export const findAllowed = (
  unit: UnitOfWork,
  ids: readonly string[],
): Promise<AllowedAddressEntity[]> => unit.rows(AllowedAddressEntity).findBy({ id: In([...ids]) })

/** The number of allowed addresses. */
export const countAllowed = (unit: UnitOfWork): Promise<number> =>
  unit.rows(AllowedAddressEntity).count()

/** Adds an allowed address. */
export const insertAllowed = async (
  unit: WritingUnitOfWork,
  address: AllowedAddressEntity,
): Promise<void> => {
  await unit.rows(AllowedAddressEntity).insert(address)
}

/** Removes an allowed address. */
export const deleteAllowed = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(AllowedAddressEntity).delete({ id })
}
