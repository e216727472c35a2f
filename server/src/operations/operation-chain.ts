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
 * The hash of an operation: over all it tells, its place in the list and the hash of the one
 * before, so that none can be changed, moved, left out or put in between without breaking all
 * that follow.
 */
export const hashOperation = (operation: Unhashed): string =>
  hashOf([
    'v2',
    operation.id,
    ...partsOf(operation),
    operation.apiTokenPrefix,
    keptOf(operation.changes),
  ])

/** The hash of an operation as earlier versions made it: without the id, by which the list is ordered. */
export const hashWithoutId = (operation: Unhashed): string =>
  hashOf([...partsOf(operation), ...laterParts(operation)])

/** Whether an operation is as it was written. The forms differ in their first part, so none passes as the other. */
const isUnchanged = (operation: OperationEntity): boolean =>
  operation.hash === hashOperation(operation) || operation.hash === hashWithoutId(operation)

// Only where there is any: what is older still was hashed without.
const laterParts = ({ apiTokenPrefix, changes }: Unhashed): unknown[] => {
  if (changes.length > 0) return [apiTokenPrefix, keptOf(changes)]
  return apiTokenPrefix === null ? [] : [apiTokenPrefix]
}

/** The end of the chain, which vouches for all before it. */
export interface ChainHead {
  readonly number: number
  readonly hash: string
}

/** The head of a chain without a link. */
export const chainStart: ChainHead = { number: 0, hash: '0'.repeat(64) }

/** What chains an operation to the one before. */
export interface ChainLink extends ChainHead {
  readonly id: string
  readonly previousHash: string
}

/** The links that chain these operations, in their order, to a head. */
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

/** What a walk along the chain found. */
export type ChainVerdict =
  | { readonly kind: 'unbroken'; readonly head: ChainHead }
  | {
      readonly kind: 'broken'
      /** Number of the first operation that is not as it was written. */
      readonly number: number
      readonly problem: 'missing' | 'changed' | 'unlike what was noted'
    }

/**
 * Walks the chain from its start.
 *
 * @param batches the operations in the order of their numbers.
 * @param noted a head that was written down elsewhere. Without one, nobody can tell
 * a chain whose end was cut off, or which was made anew from some point on.
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
        return { kind: 'broken', number, problem: 'unlike what was noted' }
      }
      head = { number, hash }
    }
  }
  if (noted !== undefined && noted.number > head.number) {
    return { kind: 'broken', number: head.number + 1, problem: 'missing' }
  }
  return { kind: 'unbroken', head }
}
