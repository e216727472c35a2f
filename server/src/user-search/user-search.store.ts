import type { Role, UserStatus } from '@rekey/shared/access'
import SQL, { join, raw, type Sql } from 'sql-template-tag'
import { type JsonRows, type JsonRowsQuery, readJsonRows } from '../database/json-rows.js'
import type { UnitOfWork } from '../database/unit-of-work.js'
import { type Found, isTextPlace, type Stretch } from '../graphql/keyset-page.js'
import { type ListedUser, UserEntity, unlisted } from '../users/user.entity.js'
import { keysToFind } from '../users/user-keys.js'
import {
  areComplete,
  holdsOneOf,
  indexConditions,
  type SearchWays,
  shortCondition,
  waysOf,
} from './search-terms.js'

/** The search and the filters of a list of users. */
export interface UserSelection {
  readonly search?: string | undefined
  /** The region whose national phone numbers the search may contain (ISO 3166-1 alpha-2). */
  readonly region?: string | null | undefined
  readonly roles?: readonly Role[] | undefined
  readonly statuses?: readonly UserStatus[] | undefined
  /** Only users who must choose a new password, or only users who need not. */
  readonly mustChangePassword?: boolean | undefined
  /** Only users who have a second factor, or only users who have none. */
  readonly hasSecondFactor?: boolean | undefined
  /** Only users whose password was set at least this many days ago. */
  readonly passwordOlderThanDays?: number | undefined
  /** Only users with one of these ids. */
  readonly ids?: readonly string[] | undefined
  /** Only users with one of these logins, in any spelling. */
  readonly logins?: readonly string[] | undefined
  /** Only the user with this external id. */
  readonly externalId?: string | undefined
  /** Only users who were changed at this time or later. */
  readonly updatedSince?: Date | undefined
  /** Only users who were added at this time or later. */
  readonly createdSince?: Date | undefined
}

/** The orders in which users can be listed. */
export type UserOrderField = 'LOGIN' | 'NAME' | 'PHONE' | 'ROLE' | 'STATUS' | 'LAST_SIGN_IN'

/** A place in an ordered list: the values of the columns that determine the order. */
export type UserPlace = readonly (string | number)[]

interface OrderColumn {
  readonly sql: string
  readonly valueOf: (user: ListedUser) => string | number
}

interface UserOrder {
  readonly columns: readonly OrderColumn[]
  /** The index that contains the users in this order. */
  readonly index: string
}

const id: OrderColumn = { sql: 'users.id', valueOf: user => user.id }
const name: OrderColumn = { sql: 'users.name_key', valueOf: user => user.nameKey }
const role: OrderColumn = { sql: 'users.role', valueOf: user => user.role }
const status: OrderColumn = { sql: 'users.status', valueOf: user => user.status }

// Each order ends with a unique column, so that no two users share a place.
const orders: Record<UserOrderField, UserOrder> = {
  LOGIN: {
    columns: [{ sql: 'users.login_key', valueOf: user => user.loginKey }],
    index: 'users_by_login',
  },
  NAME: { columns: [name, id], index: 'users_by_name' },
  PHONE: {
    columns: [{ sql: "COALESCE(users.phone, '')", valueOf: user => user.phone ?? '' }, id],
    index: 'users_by_phone',
  },
  ROLE: { columns: [role, status, name, id], index: 'users_by_role' },
  STATUS: { columns: [status, role, name, id], index: 'users_by_status' },
  LAST_SIGN_IN: {
    columns: [
      { sql: 'users.last_sign_in_at', valueOf: user => user.lastSignInAt?.getTime() ?? 0 },
      id,
    ],
    index: 'users_by_last_sign_in',
  },
}

/** The place of a user in a list of this order. */
export const placeOf = (user: ListedUser, field: UserOrderField): UserPlace =>
  orders[field].columns.map(column => column.valueOf(user))

/** Whether a value from a cursor is a place in a list of this order. */
export const isPlace = (place: unknown, field: UserOrderField): place is UserPlace => {
  const { columns } = orders[field]
  return (
    Array.isArray(place) &&
    place.length === columns.length &&
    place.every((value, index) => {
      const isNumber = field === 'LAST_SIGN_IN' && index === 0
      return isNumber ? Number.isSafeInteger(value) : isTextPlace(value)
    })
  )
}

const dayMs = 24 * 60 * 60_000

/** A filter that often leaves few users, and the index that contains these users. */
interface Filter {
  readonly condition: Sql
  /**
   * Null if the filter leaves nearly all users, so that no index helps. {@link ownIndex} lets the
   * engine choose.
   */
  readonly index: string | null
  /** Whether that index contains them in the order of names. */
  readonly byName: boolean
}

/** The index of the primary key, which has no name of ours. */
const ownIndex = ''

/** The filters that `user_counts` does not count by. */
const uncountedFilters = ({
  mustChangePassword,
  hasSecondFactor,
  passwordOlderThanDays,
  ids,
  logins,
  externalId,
  updatedSince,
  createdSince,
}: UserSelection): Filter[] => {
  const filters: Filter[] = []
  if (ids !== undefined) {
    filters.push({ condition: oneOf('users.id', ids), index: ownIndex, byName: false })
  }
  if (logins !== undefined) {
    const keys = [...new Set(logins.flatMap(keysToFind))]
    filters.push({
      condition: oneOf('users.login_key', keys),
      index: 'users_by_login',
      byName: false,
    })
  }
  if (externalId !== undefined) {
    filters.push({
      condition: SQL`users.external_id = ${externalId}`,
      index: 'users_by_external_id',
      byName: false,
    })
  }
  if (updatedSince !== undefined) {
    filters.push({
      condition: SQL`users.updated_at >= ${updatedSince.getTime()}`,
      index: 'users_by_update',
      byName: false,
    })
  }
  if (createdSince !== undefined) {
    filters.push({
      condition: SQL`users.created_at >= ${createdSince.getTime()}`,
      index: 'users_by_creation',
      byName: false,
    })
  }
  if (mustChangePassword !== undefined) {
    filters.push({
      condition: mustChangePassword
        ? SQL`users.must_change_password`
        : SQL`NOT users.must_change_password`,
      // The index contains only users who must choose a new password.
      index: mustChangePassword ? 'users_by_required_change' : null,
      byName: true,
    })
  }
  if (hasSecondFactor !== undefined) {
    filters.push({
      condition: hasSecondFactor ? SQL`users.has_second_factor` : SQL`NOT users.has_second_factor`,
      index: 'users_by_second_factor',
      byName: true,
    })
  }
  if (passwordOlderThanDays !== undefined) {
    const setBefore = Date.now() - passwordOlderThanDays * dayMs
    filters.push({
      condition: SQL`users.password_hash IS NOT NULL AND users.password_changed_at <= ${setBefore}`,
      index: 'users_by_password_change',
      byName: false,
    })
  }
  return filters
}

// If the search index finds at most this many users, all of them are read and sorted. If it finds
// more, a walk along the order usually meets enough of them for a page soon.
const maxGathered = 10_000
// A walk for a search ends after this many users. If the page is not full by then, the matching
// users are far down the order, and it is faster to gather all of them, however many.
const maxWalked = 10_000
// If the filters leave at most this many users, all of them are read and sorted.
const maxFiltered = 20_000
// The count of a search stops here.
const maxCounted = 10_000

const and = (conditions: readonly Sql[]): Sql =>
  conditions.length === 0 ? SQL`TRUE` : join([...conditions], ' AND ')

const oneOf = (column: string, values: readonly string[]): Sql =>
  values.length === 0 ? SQL`FALSE` : SQL`${raw(column)} IN (${join([...values])})`

/** A number of users. */
export interface UserCount {
  readonly count: number
  /** False if there are more users than the count. */
  readonly exact: boolean
}

/** A part of a list of users. */
export interface FoundUsers extends Found<ListedUser> {
  /** How many users the whole list has, if the query found that out as well. */
  readonly total?: UserCount
}

/** The selected users among some rows. */
export interface UserBatch {
  readonly rows: readonly ListedUser[]
  /** The id of the last row; null if there are no more rows. */
  readonly last: string | null
}

const upToMax = (count: number): UserCount => ({
  count: Math.min(count, maxCounted),
  exact: count <= maxCounted,
})

/** A selection and the unit of work it is read in. */
class Selected {
  private readonly ways: SearchWays
  private readonly uncounted: readonly Filter[]
  private readonly conditions: readonly Sql[]

  constructor(
    private readonly unit: UnitOfWork,
    private readonly selection: UserSelection,
  ) {
    this.ways = waysOf(selection.search ?? '', selection.region ?? null)
    const search = this.ways.length === 0 ? [] : [holdsOneOf(this.ways)]
    this.uncounted = uncountedFilters(selection)
    const uncounted = this.uncounted.map(({ condition }) => condition)
    this.conditions = [...this.filters('users.'), ...uncounted, ...search]
  }

  /** How many users there are. With a search, the count stops at 10,000. */
  async count(): Promise<UserCount> {
    if (this.isCounted) return { count: await this.countFiltered(), exact: true }
    const narrow = await this.narrowIndex()
    if (narrow !== null) return this.countAmong(SQL`users ${this.along(narrow)}`)
    if (this.ways.length === 0) return this.countAmong(SQL`users ${this.alongFilter()}`)
    const indexed = indexConditions(this.unit, this.ways).at(-1)
    if (indexed !== undefined) return this.countAmong(this.candidates(indexed))
    // Short words: if they are common, enough of the first users have them.
    const first = await this.countAmong(SQL`(SELECT * FROM users LIMIT ${maxWalked * 2}) AS users`)
    if (!first.exact) return first
    const short = await shortCondition(this.unit, this.ways)
    return this.countAmong(short === null ? SQL`users` : this.candidates(short))
  }

  /** How many users there are, however many. */
  async countExactly(): Promise<number> {
    if (this.isCounted) return this.countFiltered()
    const [row] = await this.unit.query<{ count: number | string }>(
      SQL`SELECT COUNT(*) AS count FROM ${await this.allUsers()} WHERE ${and(this.conditions)}`,
    )
    return Number(row?.count ?? 0)
  }

  /** The users of the next rows in the order of their ids, and the id of the last of these rows. */
  async listById(after: string, limit: number): Promise<UserBatch> {
    // Reads the rows before it checks them, so that each statement is as fast as the others.
    const next = SQL`FROM users WHERE id > ${after} ORDER BY id LIMIT ${limit}`
    const { rows, values } = await this.rowsOf<{ last: string | null }>({
      values: SQL`(SELECT MAX(id) FROM (SELECT id ${next}) AS ids) AS last`,
      from: SQL`FROM (SELECT * ${next}) AS users WHERE ${and(this.conditions)} ORDER BY users.id`,
    })
    return { rows, last: values.last }
  }

  /** A query for the ids of all users, with their positions from 1 in the order of names. */
  async ids(): Promise<Sql> {
    return SQL`SELECT users.id AS id,
      ROW_NUMBER() OVER (ORDER BY users.name_key, users.id) AS position
      FROM ${await this.allUsers()} WHERE ${and(this.conditions)}`
  }

  /** A part of the list, read in the cheapest way. */
  async read(order: UserOrder, stretch: Stretch<UserPlace>): Promise<FoundUsers> {
    const keys = order.columns.map(column => column.sql)
    if (this.ways.length === 0) return this.list(order, keys, stretch)
    const searches = indexConditions(this.unit, this.ways)
    for (const indexed of searches) {
      const found = await this.gather(indexed, keys, stretch, maxGathered)
      if (found !== null) return found
    }
    // The last condition finds more users than the count allows, and only users that match.
    const isMany =
      searches.length > 0 &&
      areComplete(this.ways) &&
      this.filters('').length + this.uncounted.length === 0
    const total = isMany ? { total: upToMax(maxCounted + 1) } : {}
    const narrow = await this.narrowIndex()
    if (narrow !== null) return { rows: (await this.walk(narrow, keys, stretch, null)).rows }
    const end = await this.placeFurtherOn(order, keys, stretch)
    const walked = await this.walk(order.index, keys, stretch, end)
    if (end === null || walked.rows.length === stretch.limit) return { rows: walked.rows, ...total }
    const indexed = searches.at(-1) ?? (await shortCondition(this.unit, this.ways))
    return (
      (indexed && (await this.gather(indexed, keys, stretch, null))) ?? {
        rows: (await this.walk(order.index, keys, stretch, null)).rows,
      }
    )
  }

  /** A part of the list without a search. */
  private async list(
    order: UserOrder,
    keys: readonly string[],
    stretch: Stretch<UserPlace>,
  ): Promise<FoundUsers> {
    const { values, rows } = await this.walk(await this.indexOf(order), keys, stretch, null)
    const total = { total: { count: Number(values.total ?? 0), exact: true } }
    return { rows, ...(this.isCounted ? total : {}), behind: Boolean(values.behind) }
  }

  /** The index to read a list along: that of the order, or that of the filters. */
  private async indexOf(order: UserOrder): Promise<string> {
    const { roles = [], statuses = [] } = this.selection
    const named = order === orders.NAME ? this.uncounted.find(({ byName }) => byName) : undefined
    // If the index contains just the users of the list, in their order, no sort is necessary.
    if (named?.index != null && this.uncounted.length === 1 && this.filters('').length === 0) {
      return named.index
    }
    if (roles.length === 1 && statuses.length === 1 && order === orders.NAME) {
      return orders.ROLE.index
    }
    return (await this.narrowIndex()) ?? named?.index ?? order.index
  }

  /** The index of the filters if they leave few users; null if they leave many, or there are none. */
  private async narrowIndex(): Promise<string | null> {
    const { roles = [], statuses = [] } = this.selection
    for (const { index, condition } of this.uncounted) {
      if (index === null) continue
      const all = SQL`users ${this.along(index)} WHERE ${condition}`
      if ((await this.countUpTo(all, maxFiltered)) <= maxFiltered) return index
    }
    if (roles.length === 0 && statuses.length === 0) return null
    if ((await this.countFiltered()) > maxFiltered) return null
    return (roles.length > 0 ? orders.ROLE : orders.STATUS).index
  }

  /** Reads along an index until the part is full. */
  private walk(
    index: string,
    keys: readonly string[],
    stretch: Stretch<UserPlace>,
    end: Sql | null,
  ): Promise<JsonRows<ListedUser, { total: number | string | null; behind: boolean | number }>> {
    const among = (...places: Sql[]) =>
      SQL`FROM users ${this.along(index)} WHERE ${and([...this.conditions, ...places])}`
    const places = [...boundsOf(keys, stretch), ...(end === null ? [] : [end])]
    const behind = this.ways.length > 0 ? null : behindOf(keys, stretch)
    return this.rowsOf({
      values: SQL`(${this.filteredCount()}) AS total,
        ${behind === null ? SQL`FALSE` : SQL`EXISTS (SELECT 1 ${among(behind)})`} AS behind`,
      from: SQL`${among(...places)} ORDER BY ${orderBy(keys, stretch)} LIMIT ${stretch.limit}`,
    })
  }

  /** The condition that ends a walk; null if the list ends earlier. */
  private async placeFurtherOn(
    { columns, index }: UserOrder,
    keys: readonly string[],
    stretch: Stretch<UserPlace>,
  ): Promise<Sql | null> {
    const named = raw(keys.map((key, position) => `${key} AS k${position}`).join(', '))
    const [place] = await this.unit.query<Record<string, string | number>>(
      SQL`SELECT ${named} FROM users ${this.along(index)} WHERE ${and(boundsOf(keys, stretch))}
        ORDER BY ${orderBy(keys, stretch)} LIMIT 1 OFFSET ${maxWalked}`,
    )
    if (place === undefined) return null
    const values = columns.map((_, position) => place[`k${position}`] ?? '')
    return SQL`${tuple(keys)} ${raw(stretch.descending ? '>=' : '<=')} (${join(values)})`
  }

  /**
   * Finds all users of a search with the index and sorts them; null if there are more than allowed.
   * It is one statement, so that the index is searched once.
   */
  private async gather(
    indexed: Sql,
    keys: readonly string[],
    stretch: Stretch<UserPlace>,
    max: number | null,
  ): Promise<FoundUsers | null> {
    const row = raw(this.unit.engine === 'sqlite' ? 'row_number' : 'id')
    const names = keys.map((_, index) => `k${index}`)
    const keyed = raw(keys.map((key, index) => `${key} AS k${index}`).join(', '))
    const few = max === null ? SQL`TRUE` : SQL`(SELECT COUNT(*) FROM found) <= ${max}`
    const limit = max === null ? SQL`` : SQL`LIMIT ${max + 1}`
    const tables =
      this.unit.engine === 'sqlite'
        ? SQL`found AS MATERIALIZED (SELECT rowid AS found FROM users_search WHERE ${indexed} ${limit}),
          matched AS MATERIALIZED (SELECT users.row_number AS found, ${keyed} FROM users
            WHERE ${few} AND users.row_number IN (SELECT found FROM found) AND ${and(this.conditions)})`
        : // The conditions are a column, so that the engine uses the index only to find the users.
          SQL`found AS MATERIALIZED (SELECT users.id AS found, ${keyed},
              ${and(this.conditions)} AS fits FROM users WHERE ${indexed} ${limit}),
          matched AS MATERIALIZED (SELECT * FROM found WHERE ${few} AND fits)`
    const { rows, values } = await this.rowsOf<{
      found: number | string
      matched: number | string
      behind: boolean | number
    }>({
      tables,
      values: SQL`(SELECT COUNT(*) FROM found) AS found, (SELECT COUNT(*) FROM matched) AS matched,
        EXISTS (SELECT 1 FROM matched WHERE ${behindOf(names, stretch) ?? SQL`FALSE`}) AS behind`,
      from: SQL`FROM (SELECT * FROM matched WHERE ${and(boundsOf(names, stretch))}
          ORDER BY ${orderBy(names, stretch)} LIMIT ${stretch.limit}) AS stretch
        JOIN users ON users.${row} = stretch.found ORDER BY ${orderBy(names, stretch)}`,
    })
    if (max !== null && Number(values.found) > max) return null
    return { rows, total: upToMax(Number(values.matched)), behind: Boolean(values.behind) }
  }

  private rowsOf<Values extends object>(
    query: JsonRowsQuery,
  ): Promise<JsonRows<ListedUser, Values>> {
    return readJsonRows(this.unit, UserEntity, unlisted, query)
  }

  /** Names the index for SQLite, which would choose one without knowing how soon a walk ends. */
  private along(index: string): Sql {
    return this.unit.engine === 'sqlite' && index !== ownIndex
      ? SQL`INDEXED BY ${raw(index)}`
      : SQL``
  }

  /** The users to read for all of a selection, however many, under the name of their table. */
  private async allUsers(): Promise<Sql> {
    if (this.ways.length === 0) return SQL`users ${this.alongFilter()}`
    const indexed =
      indexConditions(this.unit, this.ways).at(-1) ?? (await shortCondition(this.unit, this.ways))
    return indexed === null ? SQL`users` : this.candidates(indexed)
  }

  /** The users that the search index finds, under the name of their table. */
  private candidates(indexed: Sql): Sql {
    return this.unit.engine === 'sqlite'
      ? SQL`(SELECT rowid AS found FROM users_search WHERE ${indexed}) AS found
          JOIN users ON users.row_number = found.found`
      : SQL`(SELECT * FROM users WHERE ${indexed}) AS users`
  }

  /** Whether the database keeps the count of this selection: it does for role and status. */
  private get isCounted(): boolean {
    return this.ways.length === 0 && this.uncounted.length === 0
  }

  /** Names an index with all users of the filters, for a count. */
  private alongFilter(): Sql {
    const index = this.uncounted.find(filter => filter.index !== null)?.index
    return index == null ? SQL`` : this.along(index)
  }

  private async countAmong(users: Sql): Promise<UserCount> {
    return upToMax(await this.countUpTo(SQL`${users} WHERE ${and(this.conditions)}`, maxCounted))
  }

  /** How many of these rows there are; stops at one more than the maximum. */
  private async countUpTo(rows: Sql, max: number): Promise<number> {
    const [row] = await this.unit.query<{ count: number | string }>(
      SQL`SELECT COUNT(*) AS count FROM (SELECT 1 FROM ${rows} LIMIT ${max + 1}) AS counted`,
    )
    return Number(row?.count ?? 0)
  }

  private filteredCount(): Sql {
    return SQL`SELECT SUM(count) FROM user_counts WHERE ${and(this.filters(''))}`
  }

  private async countFiltered(): Promise<number> {
    const [row] = await this.unit.query<{ count: number | string | null }>(
      SQL`SELECT (${this.filteredCount()}) AS count`,
    )
    return Number(row?.count ?? 0)
  }

  /** The filters that `user_counts` counts by. */
  private filters(table: 'users.' | ''): Sql[] {
    const { roles = [], statuses = [] } = this.selection
    return [
      ...(roles.length > 0 ? [oneOf(`${table}role`, roles)] : []),
      ...(statuses.length > 0 ? [oneOf(`${table}status`, statuses)] : []),
    ]
  }
}

const tuple = (keys: readonly string[]) => raw(`(${keys.join(', ')})`)

const boundsOf = (keys: readonly string[], { above, below }: Stretch<UserPlace>): Sql[] => {
  const bound = (comparison: '<' | '>', place: UserPlace | undefined) =>
    place === undefined ? [] : [SQL`${tuple(keys)} ${raw(comparison)} (${join([...place])})`]
  return [...bound('>', above), ...bound('<', below)]
}

/** The rows on the other side of the place where a part begins; null if the list ends there. */
const behindOf = (
  keys: readonly string[],
  { above, below, descending }: Stretch<UserPlace>,
): Sql | null => {
  const from = descending ? below : above
  if (from === undefined) return null
  return SQL`${tuple(keys)} ${raw(descending ? '>=' : '<=')} (${join([...from])})`
}

const orderBy = (keys: readonly string[], { descending }: Stretch<UserPlace>) =>
  raw(keys.map(key => (descending ? `${key} DESC` : key)).join(', '))

/** How many users the selection has. */
export const countUsers = (unit: UnitOfWork, selection: UserSelection): Promise<UserCount> =>
  new Selected(unit, selection).count()

/** How many users the selection has, however many. */
export const countExactly = (unit: UnitOfWork, selection: UserSelection): Promise<number> =>
  new Selected(unit, selection).countExactly()

/**
 * The selected users among the next rows in the order of ids.
 *
 * @param after the id after which to begin; empty for the first rows.
 * @param limit the number of rows to read.
 */
export const listById = (
  unit: UnitOfWork,
  selection: UserSelection,
  after: string,
  limit: number,
): Promise<UserBatch> => new Selected(unit, selection).listById(after, limit)

/** A part of the selected users, in order. */
export const listUsers = (
  unit: UnitOfWork,
  selection: UserSelection,
  field: UserOrderField,
  stretch: Stretch<UserPlace>,
): Promise<FoundUsers> => new Selected(unit, selection).read(orders[field], stretch)

/**
 * A query for the ids of all selected users, however many: the columns are `id` and `position`,
 * from 1 in the order of names.
 */
export const selectIds = (unit: UnitOfWork, selection: UserSelection): Promise<Sql> =>
  new Selected(unit, selection).ids()
