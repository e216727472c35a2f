import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { HashWork, WorkByKind, WorkKind } from './hash-work.js'
import * as store from './imported-work.store.js'

/**
 * How many kinds of imported hashes there may be at a time. Each kind makes every rejected sign-in
 * more expensive, by up to four times one of Rekey's own hashes.
 */
export const maxImportedKinds = 4

/** Remembers how much work the imported hashes need, so that every rejected sign-in can do it. */
export class ImportedWorkService {
  constructor(private readonly database: Database) {}

  /** The most work of each kind that an imported hash needs. */
  read(): Promise<WorkByKind> {
    return this.database.read(unit => this.readIn(unit))
  }

  /** As {@link read}, within a unit of work. */
  async readIn(unit: UnitOfWork): Promise<WorkByKind> {
    const rows = await store.listWork(unit)
    return new Map(rows.map(({ kind, amount }) => [kind, amount]))
  }

  /** Remembers the work of hashes that are imported in this unit of work. */
  async add(unit: WritingUnitOfWork, added: readonly HashWork[]): Promise<void> {
    const before = await this.readIn(unit)
    const most = new Map<WorkKind, number>()
    for (const { kind, amount } of added) {
      const known = most.get(kind) ?? before.get(kind) ?? 0
      if (amount > known) most.set(kind, amount)
    }
    await store.saveWork(
      unit,
      [...most].map(([kind, amount]) => ({ kind, amount })),
    )
  }

  /** Forgets the kinds of which no user has an imported hash any longer. */
  async sweep(): Promise<void> {
    const unused = await this.database.read(async unit => {
      const kinds: WorkKind[] = []
      for (const { kind } of await store.listWork(unit)) {
        if (!(await store.isKindInUse(unit, kind))) kinds.push(kind)
      }
      return kinds
    })
    if (unused.length === 0) return
    await this.database.write(async unit => {
      for (const kind of unused) {
        // Someone may have imported such a hash in the meantime.
        if (!(await store.isKindInUse(unit, kind))) await store.deleteKind(unit, kind)
      }
    })
  }
}
