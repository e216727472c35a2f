import { uuidv7 } from 'uuidv7'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import { type OperationAction, OperationEntity, type OperationOutcome } from './operation.entity.js'

/** What is told of one operation; the rest is known from its request. */
export interface OperationRecord {
  readonly action: OperationAction
  readonly outcome: OperationOutcome
  /** Code of a refusal. Never anything that was typed. */
  readonly reason?: string
  readonly actorId: string | null
  readonly subjectId: string | null
}

/** Something that was refused, and why. */
export type RefusalRecord = Omit<OperationRecord, 'outcome' | 'reason'> & {
  /** Code of the refusal. Never anything that was typed. */
  readonly reason: string
}

/** Writes the operation list. */
export class OperationService {
  constructor(private readonly database: Database) {}

  /** Adds one line, in the transaction of what it tells of. */
  async record(
    unit: WritingUnitOfWork,
    origin: RequestOrigin,
    record: OperationRecord,
  ): Promise<void> {
    await unit.rows(OperationEntity).insert({
      id: uuidv7(),
      at: new Date(),
      action: record.action,
      outcome: record.outcome,
      reason: record.reason ?? null,
      actorId: record.actorId,
      subjectId: record.subjectId,
      ip: origin.ip,
      userAgent: origin.userAgent,
      requestId: origin.requestId,
    })
  }

  /** Adds a refusal in a transaction of its own: nothing else is to be kept. */
  recordRefusal(origin: RequestOrigin, refusal: RefusalRecord): Promise<void> {
    return this.database.write(unit =>
      this.record(unit, origin, { ...refusal, outcome: 'REFUSED' }),
    )
  }
}
