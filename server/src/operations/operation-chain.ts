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

/** The result of verifying the chain. */
export type ChainVerdict =
  | { readonly kind: 'unbroken'; readonly head: ChainHead }
  | {
      readonly kind: 'broken'
      /** Number of the first operation that is missing or changed. */
      readonly number: number
      readonly problem: 'missing' | 'changed' | 'different from the noted one'
    }

/**
 * Verifies the chain from its start.
 *
 * @param batches the operations in the order of their numbers.
 * @param noted a head that was written down elsewhere. Without it, the check cannot detect a
 * chain whose end was cut off, or whose hashes were all computed again from some operation on.
 */
export const verifyChain = async (
  batches: AsyncIterable<readonly OperationEntity[]>,
  noted?: ChainHead,
): Promise<ChainVerdict> => {
  let head = chainStart
  for await (const batch of batches) {
    for (const operation of batch) {
      const number = head.number + 1
      if (operation.number !== number) return { kind: 'broken', number, problem: 'missing' }
      const { hash } = operation
      if (operation.previousHash !== head.hash || hash === null || !isUnchanged(operation)) {
        return { kind: 'broken', number, problem: 'changed' }
      }
      if (noted?.number === number && noted.hash !== hash) {
        return { kind: 'broken', number, problem: 'different from the noted one' }
      }
      head = { number, hash }
    }
  }
  if (noted !== undefined && noted.number > head.number) {
    return { kind: 'broken', number: head.number + 1, problem: 'missing' }
  }
  return { kind: 'unbroken', head }
}
