import { hasPermission } from '@rekey/shared/access'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { forbidden } from '../graphql/api-error.js'
import { type Page, type PageArguments, readPage } from '../graphql/keyset-page.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { UserEntity } from '../users/user.entity.js'
import type { OperationAction, OperationEntity, OperationOutcome } from './operation.entity.js'
import * as store from './operation.store.js'
import {
  type ChainHead,
  type ChainVerdict,
  chainStart,
  hashOperation,
  verifyChain,
} from './operation-chain.js'

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

/** What a list of operations may be narrowed to. */
export type OperationSelection = store.OperationSelection

/** One page of operations. */
export interface OperationPage extends Page<OperationEntity> {
  /** How many there are on all pages. Asked only when someone wants to know. */
  readonly countAll: () => Promise<number>
}

const batchSize = 1000

/** Writes and reads the operation list. There is no way to change or remove an operation. */
export class OperationService {
  constructor(private readonly database: Database) {}

  /** Adds one operation, in the transaction of what it tells of. */
  async record(
    unit: WritingUnitOfWork,
    origin: RequestOrigin,
    record: OperationRecord,
  ): Promise<void> {
    const head = await store.findHead(unit)
    const operation = {
      number: (head?.number ?? 0) + 1,
      at: new Date(),
      action: record.action,
      outcome: record.outcome,
      reason: record.reason ?? null,
      actorId: record.actorId,
      subjectId: record.subjectId,
      ip: origin.ip,
      userAgent: origin.userAgent,
      requestId: origin.requestId,
      previousHash: head?.hash ?? chainStart,
    }
    await store.insertOperation(unit, { ...operation, hash: hashOperation(operation) })
  }

  /** Adds a refusal in a transaction of its own: nothing else is to be kept. */
  recordRefusal(origin: RequestOrigin, refusal: RefusalRecord): Promise<void> {
    return this.database.write(unit =>
      this.record(unit, origin, { ...refusal, outcome: 'REFUSED' }),
    )
  }

  /**
   * A page of operations, newest first.
   *
   * @throws FORBIDDEN without `operations.read`, unless it is narrowed to what was done
   * to the caller's own profile; BAD_USER_INPUT when the arguments don't fit.
   */
  async list(
    actor: UserEntity,
    selection: OperationSelection,
    page: PageArguments,
  ): Promise<OperationPage> {
    this.requireRead(actor, selection)
    const found = await readPage(page, {
      descending: true,
      order: 'NUMBER',
      placeOf: (operation: OperationEntity) => operation.number,
      isPlace: (place): place is number => Number.isSafeInteger(place),
      read: stretch => this.database.read(unit => store.listOperations(unit, selection, stretch)),
    })
    return {
      ...found,
      countAll: () => this.database.read(unit => store.countOperations(unit, selection)),
    }
  }

  /**
   * Every operation of the selection, newest first, a batch at a time.
   *
   * @throws FORBIDDEN as {@link list} does, before anything is read.
   */
  readAll(actor: UserEntity, selection: OperationSelection): AsyncIterable<OperationEntity[]> {
    this.requireRead(actor, selection)
    return this.batches(selection, true)
  }

  /** Walks the whole list and tells whether it is as it was written. */
  verify(noted?: ChainHead): Promise<ChainVerdict> {
    return verifyChain(this.batches({}, false), noted)
  }

  /** The end of the list, worth noting elsewhere; null when there is none. */
  async head(): Promise<ChainHead | null> {
    const head = await this.database.read(unit => store.findHead(unit))
    return head === null ? null : { number: head.number, hash: head.hash }
  }

  private async *batches(
    selection: OperationSelection,
    descending: boolean,
  ): AsyncGenerator<OperationEntity[]> {
    let place: number | undefined
    while (true) {
      const between = descending ? { below: place } : { above: place }
      const batch = await this.database.read(unit =>
        store.listOperations(unit, selection, { descending, limit: batchSize, ...between }),
      )
      if (batch.length > 0) yield batch
      if (batch.length < batchSize) return
      place = batch.at(-1)?.number
    }
  }

  private requireRead(actor: UserEntity, selection: OperationSelection): void {
    if (selection.subjectId === actor.id) return
    if (!hasPermission(actor, 'operations.read')) throw forbidden()
  }
}
