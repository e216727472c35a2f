import {
  type EntityTarget,
  type FindOptionsOrder,
  type FindOptionsWhere,
  MoreThan,
  type ObjectLiteral,
} from 'typeorm'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { SecretPurpose } from './secret-purpose.js'

/** Unseals a secret with the old key, and seals it with the new one. */
export type Reseal = (sealed: string, purpose: SecretPurpose) => string

/** Prepares the data of a feature that depends on the secrets key for a new key. */
export type SealedData = (unit: WritingUnitOfWork, reseal: Reseal) => Promise<void>

interface RowWithId extends ObjectLiteral {
  readonly id: string
}

const batchSize = 500

/**
 * Seals the secrets in a column again.
 *
 * @param purposeOf returns the purpose that the secret of a row was sealed for.
 */
export const sealedColumn =
  <Row extends RowWithId>(
    entity: EntityTarget<Row>,
    column: keyof Row & string,
    purposeOf: (row: Row) => SecretPurpose,
  ): SealedData =>
  async (unit, reseal) => {
    const rows = unit.rows(entity)
    let after = ''
    for (;;) {
      const batch = await rows.find({
        where: { id: MoreThan(after) } as FindOptionsWhere<Row>,
        order: { id: 'ASC' } as FindOptionsOrder<Row>,
        take: batchSize,
      })
      for (const row of batch) {
        const sealed: string | null = row[column]
        if (sealed === null) continue
        const changes = { [column]: reseal(sealed, purposeOf(row)) } as Partial<Row>
        await rows.update({ id: row.id } as FindOptionsWhere<Row>, changes)
      }
      const last = batch.at(-1)
      if (last === undefined || batch.length < batchSize) return
      after = last.id
    }
  }

/** Deletes all rows of a table: only the old key can find or open them, and they can be lost. */
export const deletedWithTheKey =
  (entity: EntityTarget<ObjectLiteral>): SealedData =>
  async unit => {
    await unit.rows(entity).deleteAll()
  }
