import { requirePermission } from '../access/require-permission.js'
import type { Database } from '../database/database.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf, type OperationChange } from '../operations/operation-change.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SecondFactorMethod } from '../settings/security-settings.js'
import type { UserCriteria, UserSearchService } from '../user-search/user-search.service.js'
import type { Caller } from '../users/caller.js'
import type { ListedUser } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'

/** A user of an export. */
export interface ExportedUser {
  readonly user: ListedUser
  readonly secondFactors: readonly SecondFactorMethod[]
}

/** What the operation list stores about an export. The searched text may name a person. */
const describe = (criteria: UserCriteria, total: number): OperationChange[] => {
  const { search, ...filters } = criteria
  return [
    changeOf('total', total, total),
    ...(search === undefined || search === '' ? [] : [changeOf('search', null, null)]),
    ...Object.entries(filters)
      .map(([name, value]) => changeOf(name, value, value))
      .filter(({ to }) => to !== null),
  ]
}

/** Exports users. */
export class UserExportService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly userSearch: UserSearchService,
    private readonly secondFactors: SecondFactorService,
    private readonly operations: OperationService,
  ) {}

  /**
   * Starts an export of all users that the criteria find, and records it. So nobody gets a part of an
   * export that is not in the operation list.
   *
   * @returns the users in batches, in the order in which they were added. Before each batch, it
   * checks again that the caller may read users, and throws as below.
   * @throws FORBIDDEN without `users.read`; UNAUTHENTICATED if the caller was blocked, or their
   * session or API token ended.
   */
  async start(
    actor: Caller,
    criteria: UserCriteria,
    origin: RequestOrigin,
  ): Promise<AsyncIterable<ExportedUser[]>> {
    requirePermission(actor, 'users.read')
    const total = await this.userSearch.countExactly(criteria)
    await this.database.write(async unit => {
      const caller = await this.users.callerIn(unit, actor)
      requirePermission(caller, 'users.read')
      await this.operations.record(unit, origin, {
        action: 'EXPORT_USERS',
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: null,
        changes: describe(criteria, total),
      })
    })
    return this.batchesOf(actor, criteria)
  }

  private async *batchesOf(
    actor: Caller,
    criteria: UserCriteria,
  ): AsyncGenerator<ExportedUser[], void> {
    for await (const users of this.userSearch.readAll(criteria)) {
      // A slow reader may need an hour.
      const caller = await this.database.read(unit => this.users.callerIn(unit, actor))
      requirePermission(caller, 'users.read')
      const factors = await this.secondFactors.listOf(users.map(({ id }) => id))
      yield users.map(user => ({
        user,
        secondFactors: (factors.get(user.id) ?? []).map(({ method }) => method),
      }))
    }
  }
}
