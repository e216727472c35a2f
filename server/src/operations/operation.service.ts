import { hasPermission } from '@rekey/shared/access'
import { uuidv7 } from 'uuidv7'
import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { badInput, forbidden } from '../graphql/api-error.js'
import { type CountedPage, type PageArguments, readPageById } from '../graphql/keyset-page.js'
import { normalizeAddress } from '../http/ip-address.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'
import type { OperationAction, OperationEntity, OperationOutcome } from './operation.entity.js'
import * as store from './operation.store.js'
import {
  type ChainHead,
  type ChainVerdict,
  chainStart,
  linksOf,
  verifyChain,
} from './operation-chain.js'
import type { OperationChange } from './operation-change.js'

/** What is told of one operation; the rest is known from its request. */
export interface OperationRecord {
  readonly action: OperationAction
  readonly outcome: OperationOutcome
  /** Code of a refusal. Never anything that was typed. */
  readonly reason?: string
  readonly actorId: string | null
  readonly subjectId: string | null
  /** What it changed, where action and subject don't say it. Never a secret, nor personal data. */
  readonly changes?: readonly OperationChange[]
}

/** Something that was refused, and why. */
export type RefusalRecord = Omit<OperationRecord, 'outcome' | 'reason'> & {
  /** Code of the refusal. Never anything that was typed. */
  readonly reason: string
}

/** How often something was done or refused since the server started. */
export interface OperationCount {
  readonly action: OperationAction
  readonly outcome: OperationOutcome
  readonly count: number
}

/** What a list of operations may be narrowed to. */
export type OperationSelection = store.OperationSelection

/** Is told of operations, in the transaction in which they are done. */
export interface OperationObserver {
  /** @param operations those that were done, never a refusal; in their order. */
  observe(unit: WritingUnitOfWork, operations: readonly OperationEntity[]): Promise<void>
}

const batchSize = 1000

/** Writes and reads the operation list. There is no way to change or remove an operation. */
export class OperationService {
  private readonly chaining: BackgroundJob
  private readonly observers: OperationObserver[] = []
  private readonly counted = new Map<string, OperationCount>()

  constructor(private readonly database: Database) {
    // A moment after the first of them, so that one transaction chains many.
    this.chaining = new BackgroundJob(() => this.chain(), { delayMs: 50, maxSleepMs: 60_000 })
  }

  /** Has an observer notified of every operation that is done from now on. */
  addObserver(observer: OperationObserver): void {
    this.observers.push(observer)
  }

  /** Adds one operation, in the transaction of what it tells of. */
  record(unit: WritingUnitOfWork, origin: RequestOrigin, record: OperationRecord): Promise<void> {
    return this.recordAll(unit, origin, [record])
  }

  /** As {@link record}, for many at once, in their order. */
  async recordAll(
    unit: WritingUnitOfWork,
    origin: RequestOrigin,
    records: readonly OperationRecord[],
  ): Promise<void> {
    if (records.length === 0) return
    unit.afterCommit(() => this.count(records))
    const operations = records.map(record => operationOf(origin, record))
    await store.insertOperations(unit, operations)
    const done = operations.filter(({ outcome }) => outcome === 'DONE')
    if (done.length > 0) {
      await origin.executedOnce?.markDone(unit)
      for (const observer of this.observers) await observer.observe(unit, done)
    }
    unit.afterCommit(() => this.chaining.wake())
  }

  /** Begins to chain, with what an earlier run left unchained. */
  start(report: FailureReport): void {
    this.chaining.start(report)
  }

  /** Ends when the operations that are being chained are through. */
  stop(): Promise<void> {
    return this.chaining.stop()
  }

  /** Waits until every operation is chained. */
  idle(): Promise<void> {
    return this.chaining.idle()
  }

  /** Adds a refusal in a transaction of its own: nothing else is to be kept. */
  recordRefusal(origin: RequestOrigin, refusal: RefusalRecord): Promise<void> {
    return this.database.write(unit =>
      this.record(unit, origin, { ...refusal, outcome: 'REFUSED' }),
    )
  }

  /**
   * A page of operations, newest first. Where others sat when they did something is told
   * with `operations.read` alone.
   *
   * @throws FORBIDDEN without `operations.read`, unless it is narrowed to what was done
   * to the caller's own profile; BAD_USER_INPUT when the arguments don't fit.
   */
  async list(
    actor: Caller,
    selection: OperationSelection,
    page: PageArguments,
  ): Promise<CountedPage<OperationEntity>> {
    this.requireRead(actor, selection)
    const tidied = narrowedFor(actor, tidy(selection))
    return readPageById(page, {
      descending: true,
      idOf: ({ id }) => id,
      read: async stretch => {
        const rows = await this.database.read(unit => store.listOperations(unit, tidied, stretch))
        return rows.map(operation => shownTo(actor, operation))
      },
      countAll: () => this.database.read(unit => store.countOperations(unit, tidied)),
    })
  }

  /**
   * Every operation of the selection as {@link list} shows it, newest first, a batch at a time.
   *
   * @throws FORBIDDEN and BAD_USER_INPUT as {@link list} does, before anything is read.
   */
  readAll(actor: Caller, selection: OperationSelection): AsyncIterable<OperationEntity[]> {
    this.requireRead(actor, selection)
    return shownAllTo(actor, this.readSelection(narrowedFor(actor, tidy(selection))))
  }

  /** What this instance has recorded since it started, by action and outcome. */
  counts(): OperationCount[] {
    return [...this.counted.values()]
  }

  /** Every operation that someone did, or that was done on them; newest first, a batch at a time. */
  readOwn(user: UserEntity, as: 'actorId' | 'subjectId'): AsyncIterable<OperationEntity[]> {
    return this.readSelection({ [as]: user.id })
  }

  private count(records: readonly OperationRecord[]): void {
    for (const { action, outcome } of records) {
      const key = `${action} ${outcome}`
      const count = (this.counted.get(key)?.count ?? 0) + 1
      this.counted.set(key, { action, outcome, count })
    }
  }

  private readSelection(selection: OperationSelection): AsyncIterable<OperationEntity[]> {
    return inBatches<OperationEntity, string>(
      (unit, below) => {
        const stretch = { descending: true, limit: batchSize, below }
        return store.listOperations(unit, selection, stretch)
      },
      ({ id }) => id,
      this.database,
    )
  }

  /** Walks the whole chain and tells whether it is as it was written. */
  verify(noted?: ChainHead): Promise<ChainVerdict> {
    const batches = inBatches<OperationEntity, number | null>(
      (unit, after) => store.listChained(unit, after ?? 0, batchSize),
      ({ number }) => number,
      this.database,
    )
    return verifyChain(batches, noted)
  }

  /** How many operations are not chained yet: whether these are as they were written, nobody can tell. */
  countUnchained(): Promise<number> {
    return this.database.read(unit => store.countUnchained(unit))
  }

  /** The end of the chain, worth noting elsewhere; null when there is none. */
  head(): Promise<ChainHead | null> {
    return this.database.read(unit => store.findHead(unit))
  }

  /**
   * Chains what is not chained yet. Not in the transaction of what an operation tells
   * of: the chain has one end, at which all instances would wait for each other.
   */
  private async chain(): Promise<number> {
    const chained = await this.database.writeLocking(async unit => {
      await unit.lockFor('operation chain')
      const operations = await store.listUnchained(unit, batchSize)
      if (operations.length === 0) return 0
      const head = (await store.findHead(unit)) ?? chainStart
      await store.chainOperations(unit, linksOf(operations, head))
      return operations.length
    })
    return chained === batchSize ? 0 : Number.POSITIVE_INFINITY
  }

  private requireRead(actor: Caller, selection: OperationSelection): void {
    if (selection.subjectId === actor.id) return
    if (!hasPermission(actor, 'operations.read')) throw forbidden()
  }
}

const maySeeAll = (actor: Caller): boolean => hasPermission(actor, 'operations.read')

/** An operation without what someone may not see of it: where others sat is theirs. */
const shownTo = (actor: Caller, operation: OperationEntity): OperationEntity => {
  const { actorId } = operation
  if (actorId === null || actorId === actor.id || maySeeAll(actor)) return operation
  // The hashes as well: of all else that is in them, an address could be tried out.
  const hidden = { userAgent: '', apiTokenPrefix: null, previousHash: null, hash: null }
  return { ...operation, ...hidden, ip: 'hidden' }
}

async function* shownAllTo(
  actor: Caller,
  batches: AsyncIterable<OperationEntity[]>,
): AsyncGenerator<OperationEntity[]> {
  for await (const batch of batches) yield batch.map(operation => shownTo(actor, operation))
}

/** The selection without what would be found by that which is not shown. */
const narrowedFor = (actor: Caller, selection: OperationSelection): OperationSelection => {
  const { ip, apiTokenPrefix } = selection
  const asksForPlace = ip !== undefined || apiTokenPrefix !== undefined
  return asksForPlace && !maySeeAll(actor) ? { ...selection, byThemselves: actor.id } : selection
}

// What an operation has in place of an address: done by a command of the server, or
// behind a proxy that told none.
const inPlaceOfAddress = ['command line', 'unknown']

/**
 * A selection that can be read: its address spelled as those of operations are.
 *
 * @throws BAD_USER_INPUT for what no operation can be.
 */
const tidy = (selection: OperationSelection): OperationSelection => {
  const { ip, from, until } = selection
  if (from !== undefined && until !== undefined && from > until) {
    throw badInput('The filter’s from is after its until.')
  }
  if (ip === undefined || inPlaceOfAddress.includes(ip)) return selection
  const address = normalizeAddress(ip.trim())
  if (address === null) {
    const words = inPlaceOfAddress.map(word => `“${word}”`).join(' or ')
    throw badInput(
      `The filter’s ip takes an address, such as 203.0.113.7 or 2001:db8::1, or ${words}.`,
    )
  }
  return { ...selection, ip: address }
}

const operationOf = (origin: RequestOrigin, record: OperationRecord): OperationEntity => ({
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
  apiTokenPrefix: origin.apiTokenPrefix ?? null,
  changes: record.changes ?? [],
  number: null,
  previousHash: null,
  hash: null,
})

/** Reads on from the last row of each batch until there is no more. */
async function* inBatches<Row, Place>(
  read: (unit: UnitOfWork, place: Place | undefined) => Promise<Row[]>,
  placeOf: (row: Row) => Place,
  database: Database,
): AsyncGenerator<Row[]> {
  let last: Row | undefined
  for (;;) {
    const place = last === undefined ? undefined : placeOf(last)
    const batch = await database.read(unit => read(unit, place))
    if (batch.length > 0) yield batch
    if (batch.length < batchSize) return
    last = batch.at(-1)
  }
}
