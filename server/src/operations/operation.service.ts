import { hasPermission } from '@rekey/shared/access'
import { uuidv7 } from 'uuidv7'
import { requirePermission } from '../access/require-permission.js'
import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { badInput } from '../graphql/api-error.js'
import {
  type CountedPage,
  isIntegerPlace,
  type PageArguments,
  readPage,
  readPageById,
} from '../graphql/keyset-page.js'
import { normalizeAddress } from '../http/ip-address.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
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
import type { OperationCutEntity } from './operation-cut.entity.js'
import { isGenuineCut, type OperationCut } from './operation-cut.js'
import * as cutStore from './operation-cut.store.js'

/** The details of one operation. The request provides the rest. */
export interface OperationRecord {
  readonly action: OperationAction
  readonly outcome: OperationOutcome
  /** Error code if the operation was refused. It never contains user input. */
  readonly reason?: string
  readonly actorId: string | null
  readonly subjectId: string | null
  /**
   * What the operation changed, if action and subject do not show it. Never secrets or personal
   * data.
   */
  readonly changes?: readonly OperationChange[]
}

/** The details of a refused operation. */
export type RefusalRecord = Omit<OperationRecord, 'outcome' | 'reason'> & {
  /** Error code of the refusal. It never contains user input. */
  readonly reason: string
}

/** How often an action had an outcome since the server started. */
export interface OperationCount {
  readonly action: OperationAction
  readonly outcome: OperationOutcome
  readonly count: number
}

/** Refused sign-ins of a user, for the same reason. */
export type RefusedSignInCount = store.RefusedSignInCount

/** Filters for a list of operations. */
export type OperationSelection = store.OperationSelection

/** Is notified of operations, in the transaction that does them. */
export interface OperationObserver {
  /** @param operations the operations that were done, in order; never refused ones. */
  observe(unit: WritingUnitOfWork, operations: readonly OperationEntity[]): Promise<void>
}

const batchSize = 1000

/** The result of verifying the chain, and where it begins. */
export type OperationsVerdict = ChainVerdict & {
  /** The deletion that the list begins after; null if no operation was deleted. */
  readonly cut: OperationCut | null
}

/**
 * Writes and reads the operation list. Operations cannot be changed. Only the oldest ones can be
 * removed: see `operation-cut.service.ts`.
 */
export class OperationService {
  private readonly chaining: BackgroundJob
  private readonly observers: OperationObserver[] = []
  private readonly counted = new Map<string, OperationCount>()

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
  ) {
    // Wait a moment after the first operation, so that one transaction chains many.
    this.chaining = new BackgroundJob(() => this.chain(), { delayMs: 50, maxSleepMs: 60_000 })
  }

  /** Adds an observer, which is notified of every operation from now on. */
  addObserver(observer: OperationObserver): void {
    this.observers.push(observer)
  }

  /** Adds one operation, in the transaction that does it. */
  record(unit: WritingUnitOfWork, origin: RequestOrigin, record: OperationRecord): Promise<void> {
    return this.recordAll(unit, origin, [record])
  }

  /** As {@link record}, for many operations, in this order. */
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

  /** Starts chaining, including operations that an earlier run left unchained. */
  start(report: FailureReport): void {
    this.chaining.start(report)
  }

  /** Stops chaining. Resolves when the current batch has finished. */
  stop(): Promise<void> {
    return this.chaining.stop()
  }

  /** Resolves when every operation is chained. */
  idle(): Promise<void> {
    return this.chaining.idle()
  }

  /** Adds a refused operation, in its own transaction because there is nothing else to save. */
  recordRefusal(origin: RequestOrigin, refusal: RefusalRecord): Promise<void> {
    return this.database.write(unit =>
      this.record(unit, origin, { ...refusal, outcome: 'REFUSED' }),
    )
  }

  /**
   * A page of operations, newest first. Without `operations.read`, the address and browser of
   * other users are hidden.
   *
   * @throws FORBIDDEN without `operations.read`, unless the selection is limited to what was
   * done to the caller; BAD_USER_INPUT if the arguments are invalid.
   */
  async list(
    actor: Caller,
    selection: OperationSelection,
    page: PageArguments,
  ): Promise<CountedPage<OperationEntity>> {
    const readable = this.readableBy(actor, selection)
    return readPageById(page, {
      descending: true,
      idOf: ({ id }) => id,
      read: async stretch => {
        const rows = await this.database.read(unit => store.listOperations(unit, readable, stretch))
        return rows.map(operation => shownTo(actor, operation))
      },
      countAll: () => this.database.read(unit => store.countOperations(unit, readable)),
    })
  }

  /**
   * A page of operations in the order of the chain, the oldest first. An operation gets its number
   * after it is committed, so none appears before one that a client has already read.
   *
   * @throws as {@link list} does.
   */
  async listFeed(
    actor: Caller,
    selection: OperationSelection,
    page: PageArguments,
  ): Promise<CountedPage<OperationEntity>> {
    const readable = this.readableBy(actor, selection)
    const found = await readPage<OperationEntity, number>(page, {
      descending: false,
      order: 'NUMBER',
      placeOf: ({ number }) => number ?? 0,
      isPlace: isIntegerPlace,
      read: async stretch => {
        const rows = await this.database.read(unit =>
          store.listChainedOperations(unit, readable, stretch),
        )
        return { rows: rows.map(operation => shownTo(actor, operation)) }
      },
    })
    const countAll = () => this.database.read(unit => store.countChainedOperations(unit, readable))
    return { ...found, countAll }
  }

  /**
   * The operations with these ids as {@link list} shows them. Without `operations.read`, only those
   * that were done to the caller.
   */
  async findMany(actor: Caller, ids: readonly string[]): Promise<OperationEntity[]> {
    const selection = maySeeAll(actor) ? {} : { subjectId: actor.id }
    const found = await this.database.read(unit => store.findOperations(unit, selection, ids))
    return found.map(operation => shownTo(actor, operation))
  }

  /**
   * Every operation of the selection as {@link list} shows it, newest first, in batches.
   *
   * @throws FORBIDDEN and BAD_USER_INPUT as {@link list} does, before anything is read.
   */
  readAll(actor: Caller, selection: OperationSelection): AsyncIterable<OperationEntity[]> {
    return shownAllTo(actor, this.readSelection(this.readableBy(actor, selection)))
  }

  /**
   * The number of operations this instance has recorded since it started, by action and
   * outcome.
   */
  counts(): OperationCount[] {
    return [...this.counted.values()]
  }

  /** An operation as the caller may see it: see {@link list}. */
  shownTo(actor: Caller, operation: OperationEntity): OperationEntity {
    return shownTo(actor, operation)
  }

  /** Every operation that a user did, or that was done to them, newest first, in batches. */
  readOwn(user: UserEntity, as: 'actorId' | 'subjectId'): AsyncIterable<OperationEntity[]> {
    return this.readSelection({ [as]: user.id })
  }

  /** Who last did one of these actions to each of these users, by their ids; null for nobody. */
  async lastActorsOf(
    unit: UnitOfWork,
    actions: readonly OperationAction[],
    userIds: readonly string[],
  ): Promise<Map<string, string | null>> {
    if (userIds.length === 0) return new Map()
    const found = await store.listLastActors(unit, actions, userIds)
    return new Map(found.map(({ subjectId, actorId }) => [subjectId, actorId]))
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

  /** Verifies the whole chain, from the last operation that was deleted because of its age. */
  async verify(noted?: ChainHead): Promise<OperationsVerdict> {
    const cut = await this.findCut()
    if (cut !== null && !(await isGenuineCut(this.secrets, cut))) {
      const problem = 'recorded as deleted, but not by a server with this secrets key'
      return { kind: 'broken', number: cut.number, problem, cut }
    }
    const verdict = await verifyChain(this.readChained(cut?.number ?? 0), noted, cut ?? chainStart)
    if (verdict.kind === 'unbroken') return { ...verdict, cut }
    // A server may have deleted the operations that this run was about to read.
    const isSame = (await this.findCut())?.number === cut?.number
    return isSame ? { ...verdict, cut } : this.verify(noted)
  }

  /** The chained operations after a number, in order and in batches. */
  readChained(after: number): AsyncIterable<OperationEntity[]> {
    return inBatches<OperationEntity, number | null>(
      (unit, last) => store.listChained(unit, last ?? after, batchSize),
      ({ number }) => number,
      this.database,
    )
  }

  /** Where the list begins; null if no operation was deleted. */
  findCut(): Promise<OperationCutEntity | null> {
    return this.database.read(unit => cutStore.findCut(unit))
  }

  /** The number of operations that are not chained yet, and so cannot be verified. */
  countUnchained(): Promise<number> {
    return this.database.read(unit => store.countUnchained(unit))
  }

  /** The end of the chain, to be noted elsewhere; null if no operation was ever chained. */
  head(): Promise<ChainHead | null> {
    return this.database.read(unit => headIn(unit))
  }

  /** Counts the sign-ins among the operations after a number and up to another, by day. */
  countSignInsIn(unit: UnitOfWork, after: number, to: number): Promise<store.DayOfSignIns[]> {
    return store.countSignIns(unit, after, to)
  }

  /**
   * Counts the refused sign-ins of existing users among the operations after a number and up to
   * another, by user and reason.
   */
  countRefusedSignInsIn(
    unit: UnitOfWork,
    after: number,
    to: number,
  ): Promise<RefusedSignInCount[]> {
    return store.countRefusedSignIns(unit, after, to)
  }

  /**
   * Chains the operations that are not chained yet. This has its own transaction: the chain has
   * only one end, so chaining within each operation would make all instances wait for each
   * other.
   */
  private async chain(): Promise<number> {
    const chained = await this.database.writeLocking(async unit => {
      await unit.lockFor('operation chain')
      const operations = await store.listUnchained(unit, batchSize)
      if (operations.length === 0) return 0
      const head = (await headIn(unit)) ?? chainStart
      await store.chainOperations(unit, linksOf(operations, head))
      return operations.length
    })
    return chained === batchSize ? 0 : Number.POSITIVE_INFINITY
  }

  /** What the caller may read of a selection, as operations are stored. */
  private readableBy(actor: Caller, selection: OperationSelection): OperationSelection {
    if (selection.subjectId !== actor.id) requirePermission(actor, 'operations.read')
    return limitedFor(actor, normalized(selection))
  }
}

/** The last chained operation. If all of them were deleted, the last deleted one. */
const headIn = async (unit: UnitOfWork): Promise<ChainHead | null> => {
  const head = await store.findHead(unit)
  if (head !== null) return head
  const cut = await cutStore.findCut(unit)
  return cut === null ? null : { number: cut.number, hash: cut.hash }
}

const maySeeAll = (actor: Caller): boolean => hasPermission(actor, 'operations.read')

/**
 * The operation as the caller may see it. A caller without `operations.read` sees neither the address
 * and browser of other users, nor any hash. Each hash also covers the operations before it, so with
 * the hashes around an operation, a reader could find its address by trying.
 */
const shownTo = (actor: Caller, operation: OperationEntity): OperationEntity => {
  if (maySeeAll(actor)) return operation
  const { actorId } = operation
  const shown = { ...operation, previousHash: null, hash: null }
  if (actorId === null || actorId === actor.id) return shown
  return { ...shown, ip: 'hidden', userAgent: '', apiTokenPrefix: null }
}

async function* shownAllTo(
  actor: Caller,
  batches: AsyncIterable<OperationEntity[]>,
): AsyncGenerator<OperationEntity[]> {
  for await (const batch of batches) yield batch.map(operation => shownTo(actor, operation))
}

/** Limits the selection, so that nobody finds operations by fields that are hidden from them. */
const limitedFor = (actor: Caller, selection: OperationSelection): OperationSelection => {
  const { ip, apiTokenPrefix } = selection
  const usesHiddenFields = ip !== undefined || apiTokenPrefix !== undefined
  return usesHiddenFields && !maySeeAll(actor)
    ? { ...selection, byThemselves: actor.id }
    : selection
}

// What an operation has instead of an address: a command of the server did it, a background job of
// the server did it, or the proxy in front reported none.
const addressPlaceholders = ['command line', 'server', 'unknown']

/**
 * Validates a selection, and writes its address in the form that operations use.
 *
 * @throws BAD_USER_INPUT if no operation can match.
 */
const normalized = (selection: OperationSelection): OperationSelection => {
  const { ip, from, until } = selection
  if (from !== undefined && until !== undefined && from > until) {
    throw badInput('The filter’s from must not be after its until.')
  }
  if (ip === undefined || addressPlaceholders.includes(ip)) return selection
  const address = normalizeAddress(ip.trim())
  if (address === null) {
    const words = addressPlaceholders.map(word => `“${word}”`).join(', ')
    throw badInput(
      `The filter’s ip must be an address, such as 203.0.113.7 or 2001:db8::1, or one of ${words}.`,
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

/**
 * Reads batch after batch, each after the last row of the one before, until there are no more
 * rows.
 */
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
