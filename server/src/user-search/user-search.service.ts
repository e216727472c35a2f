import type { Sql } from 'sql-template-tag'
import { requirePermission } from '../access/require-permission.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork } from '../database/unit-of-work.js'
import { type CountedPage, type PageArguments, readPage } from '../graphql/keyset-page.js'
import type { AccountDefaults } from '../settings/account-defaults.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'
import type { ListedUser } from '../users/user.entity.js'
import * as store from './user-search.store.js'

/** One page of users. */
export type UserPage = CountedPage<ListedUser, store.UserCount>

/** The search and the filter of a list of users. The account decides the region. */
export type UserCriteria = Omit<store.UserSelection, 'region'>

/** The arguments for a page of users: those of Relay, the criteria, and the order. */
export interface UserPageRequest extends PageArguments, UserCriteria {
  readonly orderBy: store.UserOrderField
  readonly descending: boolean
}

// About 10 ms on either engine.
const rowsOfBatch = 2_000

/** Lists and searches users. */
export class UserSearchService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
  ) {}

  /**
   * A page of users.
   *
   * @throws FORBIDDEN without `users.read`; BAD_USER_INPUT if the arguments are invalid.
   */
  async list(actor: Caller, request: UserPageRequest): Promise<UserPage> {
    requirePermission(actor, 'users.read')
    const { orderBy, descending } = request
    const selection = selectionOf(request, await this.settings.readAccountDefaults())
    let counted: Promise<store.UserCount> | undefined
    const page = await readPage(request, {
      descending,
      order: orderBy,
      placeOf: (user: ListedUser) => store.placeOf(user, orderBy),
      isPlace: (place): place is store.UserPlace => store.isPlace(place, orderBy),
      read: async stretch => {
        const found = await this.database.read(unit =>
          store.listUsers(unit, selection, orderBy, stretch),
        )
        if (found.total !== undefined) counted ??= Promise.resolve(found.total)
        return found
      },
    })
    const countAll = () => {
      counted ??= this.database.read(unit => store.countUsers(unit, selection))
      return counted
    }
    return { ...page, countAll }
  }

  /**
   * How many users the criteria find, however many. Much slower than the count of a page if there is
   * a search. Checks no permission.
   */
  async countExactly(criteria: UserCriteria): Promise<number> {
    const selection = selectionOf(criteria, await this.settings.readAccountDefaults())
    return this.database.read(unit => store.countExactly(unit, selection))
  }

  /**
   * All users that the criteria find, in batches, in the order of their ids, which is that in which
   * they were added. Each batch reads the same number of rows, however few of them match, so a batch
   * can be empty. Checks no permission.
   */
  async *readAll(criteria: UserCriteria): AsyncGenerator<readonly ListedUser[], void> {
    const selection = selectionOf(criteria, await this.settings.readAccountDefaults())
    let after = ''
    for (;;) {
      const { rows, last } = await this.database.read(unit =>
        store.listById(unit, selection, after, rowsOfBatch),
      )
      if (last === null) return
      yield rows
      after = last
    }
  }

  /**
   * A query for the ids of all users that the criteria find, to run in the same unit of work. Its
   * columns are `id` and `position`, from 1 in the order of names. Checks no permission.
   */
  async selectIdsIn(unit: UnitOfWork, criteria: UserCriteria): Promise<Sql> {
    return store.selectIds(unit, selectionOf(criteria, await this.settings.accountDefaultsIn(unit)))
  }
}

const selectionOf = (
  {
    search,
    roles,
    statuses,
    mustChangePassword,
    hasSecondFactor,
    passwordOlderThanDays,
    ids,
    logins,
    externalId,
    updatedSince,
    createdSince,
  }: UserCriteria,
  { defaultRegion }: AccountDefaults,
): Required<store.UserSelection> => ({
  search,
  region: defaultRegion,
  roles,
  statuses,
  mustChangePassword,
  hasSecondFactor,
  passwordOlderThanDays,
  ids,
  logins,
  externalId,
  updatedSince,
  createdSince,
})
