import type { SecretBox } from '../secrets/secret-box.service.js'
import type { SecretPurpose } from '../secrets/secret-purpose.js'
import { type OperationCutEntity, onlyCut } from './operation-cut.entity.js'

/** Where the list of operations begins: the last deleted one, and why it was deleted. */
export type OperationCut = Omit<OperationCutEntity, 'id' | 'sealed'>

/** The purpose for which the row is sealed. */
export const cutPurpose: SecretPurpose = { purpose: 'operation cut', owner: onlyCut }

const textOf = ({ number, hash, at, keepDays }: OperationCut): string =>
  JSON.stringify([number, hash, at.getTime(), keepDays])

/** Seals a cut, so that it can be stored. */
export const sealCut = async (
  secrets: SecretBox,
  cut: OperationCut,
): Promise<OperationCutEntity> => ({
  id: onlyCut,
  ...cut,
  sealed: await secrets.seal(textOf(cut), cutPurpose),
})

/**
 * True if a server with the same secrets key stored this cut. A person who can write to the database
 * but does not have the key cannot make one.
 */
export const isGenuineCut = async (
  secrets: SecretBox,
  cut: OperationCutEntity,
): Promise<boolean> => {
  // Outside the try block: a missing key is another failure than a wrong seal.
  await secrets.open()
  try {
    return (await secrets.unseal(cut.sealed, cutPurpose)) === textOf(cut)
  } catch {
    return false
  }
}
