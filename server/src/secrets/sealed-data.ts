import {
  type EntityTarget,
  type FindOptionsOrder,
  type FindOptionsWhere,
  MoreThan,
  type ObjectLiteral,
} from 'typeorm'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { SecretPurpose } from './secret-purpose.js'

/** Opens a secret with the old key and seals it with the new one. */
export type Reseal = (sealed: string, purpose: SecretPurpose) => string

/** Data of a feature that depends on the secrets key. Prepares it for another key. */
export type SealedData = (unit: WritingUnitOfWork, reseal: Reseal) => Promise<void>

interface RowWithId extends ObjectLiteral {
  readonly id: string
}

const batchSize = 500

/**
 * A column with sealed secrets.
 *
 * @param purposeOf the purpose that the secret of a row was sealed for.
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

/** Rows that only the old key can find or open, and that nobody misses. */
export const endingWithTheKey =
  (entity: EntityTarget<ObjectLiteral>): SealedData =>
  async unit => {
    await unit.rows(entity).deleteAll()
  }
