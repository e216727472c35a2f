import { hasPermission, type Role, type UserStatus } from '@rekey/shared/access'
import type { Database } from '../database/database.js'
import { forbidden } from '../graphql/api-error.js'
import { type CountedPage, type PageArguments, readPage } from '../graphql/keyset-page.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'
import type { ListedUser } from '../users/user.entity.js'
import * as store from './user-search.store.js'

/** One page of users. */
export type UserPage = CountedPage<ListedUser, store.UserCount>

/** The arguments for a page of users: those of Relay, and the search, filter and order. */
export interface UserPageRequest extends PageArguments {
  readonly search?: string | undefined
  readonly roles?: readonly Role[] | undefined
  readonly statuses?: readonly UserStatus[] | undefined
  readonly mustChangePassword?: boolean | undefined
  readonly orderBy: store.UserOrderField
  readonly descending: boolean
}

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
    if (!hasPermission(actor, 'users.read')) throw forbidden()
    const { search, roles, statuses, mustChangePassword, orderBy, descending } = request
    const selection: store.UserSelection = {
      ...(search === undefined
        ? {}
        : { search, region: (await this.settings.readAccountDefaults()).defaultRegion }),
      ...(roles === undefined ? {} : { roles }),
      ...(statuses === undefined ? {} : { statuses }),
      ...(mustChangePassword === undefined ? {} : { mustChangePassword }),
    }
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
}
