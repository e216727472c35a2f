import { createHash } from 'node:crypto'
import type { OperationEntity } from './operation.entity.js'
import { keptOf } from './operation-change.js'

type Unhashed = Omit<OperationEntity, 'hash'>

const partsOf = (operation: Unhashed): unknown[] => [
  operation.number,
  operation.at.getTime(),
  operation.action,
  operation.outcome,
  operation.reason,
  operation.actorId,
  operation.subjectId,
  operation.ip,
  operation.userAgent,
  operation.requestId,
  operation.previousHash,
]

const hashOf = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/**
 * The hash of an operation. It covers all fields, the place in the list and the hash of the
 * operation before. So nobody can change, move, remove or insert an operation without breaking
 * the hashes of all operations after it.
 */
export const hashOperation = (operation: Unhashed): string =>
  hashOf([
    'v2',
    operation.id,
    ...partsOf(operation),
    operation.apiTokenPrefix,
    keptOf(operation.changes),
  ])

/**
 * The hash of an operation as earlier versions computed it: without the id, which orders the
 * list.
 */
export const hashWithoutId = (operation: Unhashed): string =>
  hashOf([...partsOf(operation), ...laterParts(operation)])

/**
 * True if an operation is unchanged since it was written. The two hash formats differ in their
 * first part, so a hash of one format never matches the other.
 */
const isUnchanged = (operation: OperationEntity): boolean =>
  operation.hash === hashOperation(operation) || operation.hash === hashWithoutId(operation)

// Add these parts only if there are any: even older versions hashed without them.
const laterParts = ({ apiTokenPrefix, changes }: Unhashed): unknown[] => {
  if (changes.length > 0) return [apiTokenPrefix, keptOf(changes)]
  return apiTokenPrefix === null ? [] : [apiTokenPrefix]
}

/** The end of the chain. Its hash covers all operations before it. */
export interface ChainHead {
  readonly number: number
  readonly hash: string
}

/** The head of an empty chain. */
export const chainStart: ChainHead = { number: 0, hash: '0'.repeat(64) }

/** The columns that chain an operation to the one before. */
export interface ChainLink extends ChainHead {
  readonly id: string
  readonly previousHash: string
}

/** Computes the links that append these operations, in this order, to a chain. */
export const linksOf = (
  operations: readonly OperationEntity[],
  head: ChainHead,
): readonly ChainLink[] => {
  let last = head
  return operations.map(operation => {
    const link = { number: last.number + 1, previousHash: last.hash }
    last = { number: link.number, hash: hashOperation({ ...operation, ...link }) }
    return { id: operation.id, previousHash: link.previousHash, ...last }
  })
}

/** What is wrong with an operation. */
export type ChainProblem =
  | 'missing'
  | 'changed'
  | 'different from the noted one'
  | 'deleted, so it cannot be compared with the noted one'
  | 'recorded as deleted, but not by a server with this secrets key'

/** The result of verifying a chain that is not as it was written. */
export interface BrokenChain {
  readonly kind: 'broken'
  /** Number of the first operation with a problem. */
  readonly number: number
  readonly problem: ChainProblem
}

/** The result of verifying the chain. */
export type ChainVerdict = { readonly kind: 'unbroken'; readonly head: ChainHead } | BrokenChain

const brokenAt = (number: number, problem: ChainProblem): BrokenChain => ({
  kind: 'broken',
  number,
  problem,
})

/** Verifies that an operation follows the head of a chain. Returns the new head. */
export const followHead = (
  head: ChainHead,
  operation: OperationEntity,
): ChainHead | BrokenChain => {
  const number = head.number + 1
  if (operation.number !== number) return brokenAt(number, 'missing')
  const { hash } = operation
  return operation.previousHash === head.hash && hash !== null && isUnchanged(operation)
    ? { number, hash }
    : brokenAt(number, 'changed')
}

/**
 * Verifies the chain from its start, or from the last operation that was deleted because of its age.
 *
 * @param batches the operations after the start, in the order of their numbers.
 * @param noted a head that was written down elsewhere. Without it, the check cannot detect a
 * chain whose end was cut off, or whose hashes were all computed again from some operation on.
 * @param start the number and hash of the last deleted operation, which the caller has verified.
 */
export const verifyChain = async (
  batches: AsyncIterable<readonly OperationEntity[]>,
  noted?: ChainHead,
  start: ChainHead = chainStart,
): Promise<ChainVerdict> => {
  const differs = ({ number, hash }: ChainHead) => noted?.number === number && noted.hash !== hash
  if (noted !== undefined && noted.number < start.number) {
    return brokenAt(noted.number, 'deleted, so it cannot be compared with the noted one')
  }
  if (differs(start)) return brokenAt(start.number, 'different from the noted one')
  let head = start
  for await (const batch of batches) {
    for (const operation of batch) {
      const next = followHead(head, operation)
      if ('kind' in next) return next
      if (differs(next)) return brokenAt(next.number, 'different from the noted one')
      head = next
    }
  }
  if (noted !== undefined && noted.number > head.number) return brokenAt(head.number + 1, 'missing')
  return { kind: 'unbroken', head }
}
