import type { EntityManager, EntityTarget, ObjectLiteral, Repository } from 'typeorm'

/** What a service may read through. Stores take it as their first argument. */
export class UnitOfWork {
  constructor(private readonly manager: EntityManager) {}

  /** The rows of one entity, seen through this unit. */
  rows<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.manager.getRepository(entity)
  }
}

/**
 * One transaction: all of its writes are kept, or none. A type of its own, so that
 * a store's write can't be called with a unit that only reads.
 */
export class WritingUnitOfWork extends UnitOfWork {
  private readonly deferred: (() => void)[] = []

  /** Runs the work once the transaction is committed, and not at all when it is not. */
  afterCommit(work: () => void): void {
    this.deferred.push(work)
  }

  /** For the database alone: the transaction is committed. */
  committed(): void {
    for (const work of this.deferred) work()
  }
}
