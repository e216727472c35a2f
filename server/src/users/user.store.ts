import type { Role, UserStatus } from '@rekey/shared/access'
import SQL, { join, raw, type Sql } from 'sql-template-tag'
import { In } from 'typeorm'
import { insertMany } from '../database/insert-many.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Found, Stretch } from '../graphql/keyset-page.js'
import type { FragmentCounts } from './fragment-counts.js'
import { UserEntity } from './user.entity.js'
import { foldText, loginKeyOf } from './user-keys.js'

const unlisted = ['passwordHash', 'searchText'] as const

type Unlisted = (typeof unlisted)[number]

/** A user as lists have them: without what only sign-in and search read, a good part of a row. */
export type ListedUser = Omit<UserEntity, Unlisted>

/** What a list of users may be narrowed to. */
export interface UserSelection {
  readonly search?: string
  readonly roles?: readonly Role[]
  readonly statuses?: readonly UserStatus[]
}

/** The orders in which users can be listed. */
export type UserOrderField = 'LOGIN' | 'NAME' | 'PHONE' | 'ROLE' | 'STATUS' | 'LAST_SIGN_IN'

/** A place in an ordered list: the values of the columns it is ordered by. */
export type UserPlace = readonly (string | number)[]

interface OrderColumn {
  readonly sql: string
  readonly valueOf: (user: ListedUser) => string | number
}

interface UserOrder {
  readonly columns: readonly OrderColumn[]
  /** The index that holds users in this order. */
  readonly index: string
}

const id: OrderColumn = { sql: 'users.id', valueOf: user => user.id }
const name: OrderColumn = { sql: 'users.name_key', valueOf: user => user.nameKey }
const role: OrderColumn = { sql: 'users.role', valueOf: user => user.role }
const status: OrderColumn = { sql: 'users.status', valueOf: user => user.status }

// Each ends with what is unique, so that no two users share a place.
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

/** The place of a user in a list of that order. */
export const placeOf = (user: ListedUser, field: UserOrderField): UserPlace =>
  orders[field].columns.map(column => column.valueOf(user))

/** Whether something read off a cursor is a place in a list of that order. */
export const isPlace = (place: unknown, field: UserOrderField): place is UserPlace => {
  const { columns } = orders[field]
  return (
    Array.isArray(place) &&
    place.length === columns.length &&
    place.every((value, index) => {
      const isNumber = field === 'LAST_SIGN_IN' && index === 0
      return isNumber ? Number.isSafeInteger(value) : typeof value === 'string'
    })
  )
}

// Up to so many users are gathered and sorted. Of more, some are met soon on a walk
// along the order, and the walk ends with the page.
const mostGathered = 20_000
const mostCounted = 10_000

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, character => `\\${character}`)

const and = (conditions: readonly Sql[]): Sql =>
  conditions.length === 0 ? SQL`TRUE` : join([...conditions], ' AND ')

const oneOf = (column: string, values: readonly string[]): Sql =>
  SQL`${raw(column)} IN (${join([...values])})`

const termsOf = (search: string): string[] =>
  foldText(search)
    .split(/\s+/)
    .filter(term => term !== '')

// What more would find is read and checked sooner than it is looked up.
const mostTrigrams = 4
const muchMore = 10

const trigramsOf = (term: string): string[] => {
  const characters = [...term]
  return characters
    .slice(2)
    .map((last, index) => `${characters[index]}${characters[index + 1]}${last}`)
}

/** Of these trigrams, those that together leave few users at little cost: the rarest. */
const rarestOf = (counts: ReadonlyMap<string, number>): string[] => {
  const ordered = [...counts].sort(([, one], [, other]) => one - other)
  const [[, least] = ['', 0]] = ordered
  return ordered
    .slice(0, mostTrigrams)
    .filter(([, count]) => count <= least * muchMore)
    .map(([trigram]) => trigram)
}

const isTrigram = (term: string): boolean => [...term].length >= 3

// A letter alone is in most names.
const isShort = (term: string): boolean => !isTrigram(term) && !/^[\x20-\x7e]$/.test(term)

const holds = (text: string): Sql =>
  SQL`users.search_text LIKE ${`%${escapeLike(text)}%`} ESCAPE '\\'`

/** The terms that PostgreSQL's index of short fragments finds few users by, when there is no longer one. */
const rareShortTerms = async (
  unit: UnitOfWork,
  fragmentCounts: FragmentCounts,
  terms: readonly string[],
): Promise<string[]> => {
  const short = terms.some(isTrigram) ? [] : terms.filter(isShort)
  const counts = await fragmentCounts.of(unit, short)
  return short.filter(term => (counts.get(term) ?? mostGathered + 1) <= mostGathered)
}

// In quotes nothing of it is syntax.
const quoted = (term: string): string => `"${term.replaceAll('"', '""')}"`

/**
 * A search in the language of SQLite's trigram index (FTS5), or null when the index
 * is of no use. It finds everyone who is searched for and perhaps some more: asked
 * for whole words, it would read the trigrams that all logins share from end to end.
 *
 * A term shorter than a trigram is looked for as any of those that begin with it,
 * unless they are so common that a walk is better.
 */
const matchOf = async (
  unit: UnitOfWork,
  fragmentCounts: FragmentCounts,
  terms: readonly string[],
): Promise<string | null> => {
  const counts = await fragmentCounts.of(unit, terms.flatMap(trigramsOf))
  const rarest = rarestOf(counts)
  const parts = rarest.map(quoted)
  if (rarest.some(trigram => (counts.get(trigram) ?? 0) <= mostGathered)) return parts.join(' AND ')
  for (const term of terms) {
    if (!isShort(term)) continue
    const trigrams = await unit.query<{ term: string; doc: number }>(
      SQL`SELECT term, doc FROM users_search_trigrams
        WHERE term >= ${term} AND term < ${`${term}\u{10FFFF}`}`,
    )
    const users = trigrams.reduce((sum, { doc }) => sum + doc, 0)
    if (users > mostGathered) continue
    // Nobody has it: then neither does anyone have the whole.
    if (trigrams.length === 0) return quoted(`${term}\u{10FFFF}\u{10FFFF}`)
    parts.push(`(${trigrams.map(trigram => quoted(trigram.term)).join(' OR ')})`)
  }
  return parts.length === 0 ? null : parts.join(' AND ')
}

/** A number of users. */
export interface UserCount {
  readonly count: number
  /** False when there are more than could be counted in a moment. */
  readonly exact: boolean
}

/** A stretch of a list of users. */
export interface FoundUsers extends Found<ListedUser> {
  /** How many the whole list has, where that was to be had with them. */
  readonly total?: UserCount
}

const upToMost = (count: number): UserCount => ({
  count: Math.min(count, mostCounted),
  exact: count <= mostCounted,
})

/** A selection as the engine is asked for it. */
class Selected {
  private constructor(
    private readonly unit: UnitOfWork,
    private readonly selection: UserSelection,
    private readonly likes: readonly Sql[],
    /** What finds the users of a search by the trigram index; null when nothing does. */
    private readonly indexed: Sql | null,
    /** What finds them among some more, sooner than the whole does. */
    private readonly part: Sql | null = null,
  ) {}

  static async of(
    unit: UnitOfWork,
    fragmentCounts: FragmentCounts,
    selection: UserSelection,
  ): Promise<Selected> {
    const terms = termsOf(selection.search ?? '')
    const likes = terms.map(holds)
    if (unit.engine === 'postgres') {
      const rare = await rareShortTerms(unit, fragmentCounts, terms)
      const short =
        rare.length === 0
          ? []
          : [SQL`short_fragments(users.search_text) @> ARRAY[${join(rare)}]::text[]`]
      const useful = rare.length > 0 || terms.some(isTrigram)
      const parts = await Promise.all(terms.map(term => fragmentCounts.rarePartOf(unit, term)))
      const known = parts.filter(part => part !== null)
      const whole = useful ? and([...short, ...likes]) : null
      const part = known.length > 0 ? and(known.map(holds)) : null
      return new Selected(unit, selection, likes, whole, part)
    }
    const match = terms.length === 0 ? null : await matchOf(unit, fragmentCounts, terms)
    const indexed = match === null ? null : SQL`users_search MATCH ${match}`
    return new Selected(unit, selection, likes, indexed)
  }

  /** How many users there are; a search is counted up to 10,000. */
  async count(): Promise<UserCount> {
    if (this.likes.length === 0) return { count: await this.countFiltered(), exact: true }
    const indexed = this.part ?? this.indexed
    const from = indexed === null ? SQL`users` : this.byTrigrams(indexed)
    const [row] = await this.unit.query<{ count: number | string }>(
      SQL`SELECT COUNT(*) AS count FROM (
        SELECT 1 FROM ${from} WHERE ${and(this.conditions)} LIMIT ${mostCounted + 1}) AS counted`,
    )
    return upToMost(Number(row?.count ?? 0))
  }

  /** A stretch, read in such a way that it costs little. */
  async read(order: UserOrder, stretch: Stretch<UserPlace>): Promise<FoundUsers> {
    for (const indexed of [this.part, this.indexed]) {
      const found = indexed === null ? null : await this.gather(indexed, order, stretch)
      if (found !== null) return found
    }
    if (this.likes.length > 0) return this.walk(order.index, order, stretch)
    const { roles = [], statuses = [] } = this.selection
    if (roles.length === 0 && statuses.length === 0) return this.walk(order.index, order, stretch)
    // Of one role and status, the index holds the names in order: there is nothing to sort.
    const ordered = roles.length === 1 && statuses.length === 1 && order === orders.NAME
    const few = ordered || (await this.countFiltered()) <= mostGathered
    const narrowing = roles.length > 0 ? 'users_by_role' : 'users_by_status'
    return this.walk(few ? narrowing : order.index, order, stretch)
  }

  /** Reads along an index until the stretch is full, or what it finds, sorted. */
  private async walk(
    index: string,
    { columns }: UserOrder,
    stretch: Stretch<UserPlace>,
  ): Promise<FoundUsers> {
    const keys = columns.map(column => column.sql)
    // PostgreSQL takes no hints, and knows by its statistics.
    const hint = this.unit.engine === 'sqlite' ? raw(`INDEXED BY ${index}`) : SQL``
    const among = (...places: Sql[]) =>
      SQL`FROM users ${hint} WHERE ${and([...this.conditions, ...places])}`
    const from = SQL`${among(...bounds(keys, stretch))}
      ORDER BY ${orderBy(keys, stretch)} LIMIT ${stretch.limit}`
    if (this.likes.length > 0) return { rows: await this.unit.select(UserEntity, from) }
    const behind = behindOf(keys, stretch)
    const { rows, beside } = await this.unit.selectBeside<
      UserEntity,
      Unlisted,
      { total: number | string | null; behind: boolean | number }
    >(UserEntity, unlisted, {
      values: SQL`(${this.filteredCount()}) AS total,
        ${behind === null ? SQL`FALSE` : SQL`EXISTS (SELECT 1 ${among(behind)})`} AS behind`,
      from,
    })
    const total = { count: Number(beside.total ?? 0), exact: true }
    return { rows, total, behind: Boolean(beside.behind) }
  }

  /**
   * Finds all users of a search by their trigrams, and sorts them; null when they are
   * too many. One statement, so that the index is looked into once.
   */
  private async gather(
    indexed: Sql,
    { columns }: UserOrder,
    stretch: Stretch<UserPlace>,
  ): Promise<FoundUsers | null> {
    const sqlite = this.unit.engine === 'sqlite'
    const row = sqlite ? 'row_number' : 'id'
    const keys = columns.map((_, index) => `k${index}`)
    const keyed = raw(
      [`users.${row} AS found`, ...columns.map(({ sql }, index) => `${sql} AS k${index}`)].join(
        ', ',
      ),
    )
    const few = SQL`(SELECT COUNT(*) FROM found) <= ${mostGathered}`
    const conditions = and([few, ...this.conditions])
    const matched = sqlite
      ? // CROSS JOIN: in this order, whatever SQLite thinks of it.
        SQL`SELECT ${keyed} FROM found CROSS JOIN users ON users.row_number = found.row WHERE ${conditions}`
      : SQL`SELECT ${keyed} FROM found ${this.joined(indexed)} WHERE ${conditions}`
    const found = sqlite
      ? SQL`SELECT rowid AS row FROM users_search WHERE ${indexed} LIMIT ${mostGathered + 1}`
      : SQL`SELECT id AS row FROM users WHERE ${indexed} LIMIT ${mostGathered + 1}`
    const { rows, beside } = await this.unit.selectBeside<
      UserEntity,
      Unlisted,
      { found: number | string; matched: number | string; behind: boolean | number }
    >(UserEntity, unlisted, {
      tables: SQL`found AS MATERIALIZED (${found}), matched AS MATERIALIZED (${matched})`,
      values: SQL`(SELECT COUNT(*) FROM found) AS found, (SELECT COUNT(*) FROM matched) AS matched,
        EXISTS (SELECT 1 FROM matched WHERE ${behindOf(keys, stretch) ?? SQL`FALSE`}) AS behind`,
      from: SQL`FROM (SELECT * FROM matched WHERE ${and(bounds(keys, stretch))}
          ORDER BY ${orderBy(keys, stretch)} LIMIT ${stretch.limit}) AS page
        JOIN users ON users.${raw(row)} = page.found
        ORDER BY ${orderBy(keys, stretch)}`,
    })
    if (Number(beside.found) > mostGathered) return null
    const total = upToMost(Number(beside.matched))
    return { rows, total, behind: Boolean(beside.behind) }
  }

  /** The users who were found, on PostgreSQL. */
  private joined(indexed: Sql): Sql {
    return indexed === this.part
      ? // OFFSET 0: one by one. By itself, PostgreSQL would look for the whole by the index.
        SQL`CROSS JOIN LATERAL (SELECT * FROM users WHERE users.id = found.row OFFSET 0) AS users`
      : SQL`JOIN users ON users.id = found.row`
  }

  /** The users whom the trigram index finds, before anything else is asked of them. */
  private byTrigrams(indexed: Sql): Sql {
    return this.unit.engine === 'sqlite'
      ? // CROSS JOIN: in this order, whatever SQLite thinks of it.
        SQL`(SELECT rowid AS found FROM users_search WHERE ${indexed})
          CROSS JOIN users ON users.row_number = found`
      : // OFFSET 0: by itself, whatever PostgreSQL thinks of it.
        SQL`(SELECT * FROM users WHERE ${indexed} OFFSET 0) AS users`
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

  /** What each user must meet. */
  private get conditions(): Sql[] {
    return [...this.filters('users.'), ...this.likes]
  }

  private filters(table: 'users.' | ''): Sql[] {
    const { roles = [], statuses = [] } = this.selection
    return [
      ...(roles.length > 0 ? [oneOf(`${table}role`, roles)] : []),
      ...(statuses.length > 0 ? [oneOf(`${table}status`, statuses)] : []),
    ]
  }
}

const tuple = (keys: readonly string[]) => raw(`(${keys.join(', ')})`)

const bounds = (keys: readonly string[], { above, below }: Stretch<UserPlace>): Sql[] => {
  const bound = (comparison: '<' | '>', place: UserPlace | undefined) =>
    place === undefined ? [] : [SQL`${tuple(keys)} ${raw(comparison)} (${join([...place])})`]
  return [...bound('>', above), ...bound('<', below)]
}

/** What lies on the other side of the place a stretch begins from; null when that is an end. */
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

/** How many users the selection has. Costs the same however many there are. */
export const countUsers = async (
  unit: UnitOfWork,
  fragmentCounts: FragmentCounts,
  selection: UserSelection,
): Promise<UserCount> => (await Selected.of(unit, fragmentCounts, selection)).count()

/**
 * A stretch of the selection, in order. Walks the index of the order, or sorts what
 * another index finds when that is little; never counts rows off.
 */
export const listUsers = async (
  unit: UnitOfWork,
  fragmentCounts: FragmentCounts,
  selection: UserSelection,
  field: UserOrderField,
  stretch: Stretch<UserPlace>,
): Promise<FoundUsers> =>
  (await Selected.of(unit, fragmentCounts, selection)).read(orders[field], stretch)

/** The user with this id, or null. */
export const findUser = (unit: UnitOfWork, id: string): Promise<UserEntity | null> =>
  unit.rows(UserEntity).findOneBy({ id })

/** The users with these ids, in no order. */
export const findUsers = (unit: UnitOfWork, ids: readonly string[]): Promise<UserEntity[]> =>
  unit.rows(UserEntity).findBy({ id: In([...ids]) })

/** The user with this login, without regard to case, or null. */
export const findUserByLogin = (unit: UnitOfWork, login: string): Promise<UserEntity | null> =>
  unit.rows(UserEntity).findOneBy({ loginKey: loginKeyOf(login) })

/** The users with these logins, without regard to case, in no order. */
export const findUsersByLogins = (
  unit: UnitOfWork,
  logins: readonly string[],
): Promise<UserEntity[]> => unit.rows(UserEntity).findBy({ loginKey: In(logins.map(loginKeyOf)) })

/** How many owners are active. */
export const countActiveOwners = (unit: UnitOfWork): Promise<number> =>
  unit.rows(UserEntity).countBy({ role: 'OWNER', status: 'ACTIVE' })

/** True when there is any user at all. */
export const hasUsers = (unit: UnitOfWork): Promise<boolean> => unit.rows(UserEntity).exists()

/** Adds users. */
export const insertUsers = (unit: WritingUnitOfWork, users: readonly UserEntity[]): Promise<void> =>
  insertMany(unit.rows(UserEntity), users)

/** Changes columns of one user. */
export const updateUser = async (
  unit: WritingUnitOfWork,
  id: string,
  columns: Partial<UserEntity>,
): Promise<void> => {
  await unit.rows(UserEntity).update({ id }, columns)
}

/** Changes the same columns of some users, and counts it as an edit of each. */
export const updateUsers = async (
  unit: WritingUnitOfWork,
  ids: readonly string[],
  columns: Partial<UserEntity>,
): Promise<void> => {
  if (ids.length === 0) return
  await unit
    .rows(UserEntity)
    .update({ id: In([...ids]) }, { ...columns, version: () => 'version + 1' })
}

/** Removes one user; what belongs to them goes by the keys of the tables. */
export const deleteUser = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(UserEntity).delete({ id })
}

/** Notes a sign-in with the password of the user given; false when it no longer holds. */
export const updateSignedIn = async (
  unit: WritingUnitOfWork,
  { id, passwordHash }: UserEntity,
  lastSignInAt: Date,
): Promise<boolean> => {
  if (passwordHash === null) return false
  const { affected } = await unit
    .rows(UserEntity)
    .update({ id, passwordHash, status: 'ACTIVE' }, { lastSignInAt })
  return (affected ?? 0) > 0
}

/** Users without a phone number, blocked ones aside: how many, and the first by name. */
export const listWithoutPhone = async (
  unit: UnitOfWork,
  limit: number,
): Promise<{ count: number; users: UserEntity[] }> => {
  // As the index users_by_phone has it.
  const lacking = unit
    .rows(UserEntity)
    .createQueryBuilder('users')
    .where("COALESCE(users.phone, '') = '' AND users.status <> 'BLOCKED'")
  const count = await lacking.getCount()
  const users = await lacking.orderBy('users.nameKey').addOrderBy('users.id').limit(limit).getMany()
  return { count, users }
}
