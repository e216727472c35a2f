import type { Database } from '../database/database.js'
import { localOrigin } from '../http/request-origin.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { OperationService } from './operation.service.js'
import { type BrokenChain, type ChainHead, chainStart, followHead } from './operation-chain.js'
import { changeOf } from './operation-change.js'
import { isGenuineCut, type OperationCut, sealCut } from './operation-cut.js'
import * as store from './operation-cut.store.js'

// A transaction that nobody notices.
const deletedAtOnce = 500

/** The result of an attempt to delete old operations. */
export type CutResult =
  | { readonly kind: 'cut'; readonly cut: OperationCut }
  | { readonly kind: 'nothing to delete' }
  | BrokenChain

/**
 * Deletes old operations in two steps. {@link cutBefore} decides up to which number, and records it.
 * {@link deleteSome} then deletes them, a few at a time, also after a restart.
 */
export class OperationCutService {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly operations: OperationService,
  ) {}

  /**
   * Decides to delete the operations before a time, up to the first that is not older. Verifies each
   * of them, so that a deletion never removes the traces of an earlier change.
   *
   * @param keepDays the setting that decides it, which is recorded.
   */
  async cutBefore(before: Date, keepDays: number): Promise<CutResult> {
    const earlier = await this.operations.findCut()
    if (earlier !== null && !(await isGenuineCut(this.secrets, earlier))) {
      const problem = 'recorded as deleted, but not by a server with this secrets key'
      return { kind: 'broken', number: earlier.number, problem }
    }
    const start = earlier ?? chainStart
    const end = await this.lastBefore(before, start)
    const hasMoved = async () => (await this.operations.findCut())?.number !== earlier?.number
    if ('kind' in end) return (await hasMoved()) ? { kind: 'nothing to delete' } : end
    if (end.number === start.number) return { kind: 'nothing to delete' }
    const cut = { ...end, at: new Date(), keepDays }
    const sealed = await sealCut(this.secrets, cut)
    const saved = await this.database.writeLocking(async unit => {
      await unit.lockFor('operation cut')
      const current = await store.findCut(unit)
      // Another instance was faster.
      if (current?.number !== earlier?.number) return false
      await store.saveCut(unit, sealed)
      await this.operations.record(unit, localOrigin('server', 'rekey retention'), {
        action: 'DELETE_OPERATIONS',
        outcome: 'DONE',
        actorId: null,
        subjectId: null,
        changes: [
          changeOf('deletedUpTo', earlier?.number, cut.number),
          changeOf('deletedUpToHash', earlier?.hash, cut.hash),
          changeOf('keepDays', keepDays, keepDays),
        ],
      })
      return true
    })
    return saved ? { kind: 'cut', cut } : { kind: 'nothing to delete' }
  }

  /** Deletes some of the operations that a cut covers. Returns false if none was left. */
  async deleteSome(): Promise<boolean> {
    const cut = await this.operations.findCut()
    if (cut === null) return false
    return this.database.write(unit => store.deleteUpTo(unit, cut.number, deletedAtOnce))
  }

  /** The last operation after the start that is older than this, as are all before it. */
  private async lastBefore(before: Date, start: ChainHead): Promise<ChainHead | BrokenChain> {
    let head: ChainHead = { number: start.number, hash: start.hash }
    for await (const batch of this.operations.readChained(start.number)) {
      for (const operation of batch) {
        if (operation.at >= before) return head
        const next = followHead(head, operation)
        if ('kind' in next) return next
        head = next
      }
    }
    return head
  }
}
