import SQL, { type SqlStatement } from '@nearform/sql'
import type { Role, UserStatus } from '@rekey/shared/access'
import { In, Not } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { UserEntity } from './user.entity.js'
import { foldText, loginKeyOf } from './user-keys.js'

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
  readonly valueOf: (user: UserEntity) => string | number
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
export const placeOf = (user: UserEntity, field: UserOrderField): UserPlace =>
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

const and = (conditions: readonly SqlStatement[]): SqlStatement =>
  conditions.length === 0 ? SQL`TRUE` : SQL.glue([...conditions], ' AND ')

const oneOf = (column: string, values: readonly string[]): SqlStatement =>
  SQL`${SQL.unsafe(column)} IN (${SQL.map([...values])})`

const termsOf = (search: string): string[] =>
  foldText(search)
    .split(/\s+/)
    .filter(term => term !== '')

// In quotes nothing of it is syntax.
const quoted = (term: string): string => `"${term.replaceAll('"', '""')}"`

/**
 * A search in the language of SQLite's trigram index (FTS5), or null when the index
 * is of no use. A term shorter than a trigram is looked for as any of those that
 * begin with it, unless they are so common that a walk is better.
 */
const matchOf = async (unit: UnitOfWork, terms: readonly string[]): Promise<string | null> => {
  const parts: string[] = []
  for (const term of terms) {
    if ([...term].length >= 3) parts.push(quoted(term))
    // A letter alone is in most names.
    else if (!/^[\x20-\x7e]$/.test(term)) {
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
  }
  return parts.length === 0 ? null : parts.join(' AND ')
}

/** A selection as the engine is asked for it. */
class Selected {
  /** What each user read from the source must meet. */
  readonly conditions: readonly SqlStatement[]

  private constructor(
    private readonly unit: UnitOfWork,
    private readonly selection: UserSelection,
    private readonly likes: readonly SqlStatement[],
    /** What finds the users of a search by the trigram index; null when nothing does. */
    private readonly indexed: SqlStatement | null,
  ) {
    this.conditions = [...this.filters('users.'), ...likes]
  }

  static async of(unit: UnitOfWork, selection: UserSelection): Promise<Selected> {
    const terms = termsOf(selection.search ?? '')
    const likes = terms.map(
      term => SQL`users.search_text LIKE ${`%${escapeLike(term)}%`} ESCAPE '\\'`,
    )
    if (unit.engine === 'postgres') {
      const indexed = terms.some(term => [...term].length >= 3) ? and(likes) : null
      return new Selected(unit, selection, likes, indexed)
    }
    const match = await matchOf(unit, terms)
    const indexed = match === null ? null : SQL`users_search MATCH ${match}`
    return new Selected(unit, selection, likes, indexed)
  }

  /** How many users there are; a search is counted up to 10,000. */
  async count(): Promise<UserCount> {
    if (this.likes.length === 0) return { count: await this.countFiltered(), exact: true }
    const from = this.indexed === null ? SQL`users` : this.gathered(this.indexed)
    const count = await this.countUpTo(
      mostCounted,
      SQL`SELECT 1 FROM ${from} WHERE ${and(this.conditions)}`,
    )
    return { count: Math.min(count, mostCounted), exact: count <= mostCounted }
  }

  /** Where to read users from, in such a way that a page of them costs little. */
  async source(field: UserOrderField): Promise<SqlStatement> {
    if (this.indexed !== null) {
      const from = this.unit.engine === 'sqlite' ? SQL`users_search` : SQL`users`
      const found = SQL`SELECT 1 FROM ${from} WHERE ${this.indexed}`
      const few = (await this.countUpTo(mostGathered, found)) <= mostGathered
      if (few) return this.gathered(this.indexed)
    } else if (this.likes.length === 0 && this.conditions.length > 0) {
      const { roles = [], statuses = [] } = this.selection
      // Of one role and status, the index holds the names in order: there is nothing to sort.
      const ordered = roles.length === 1 && statuses.length === 1 && field === 'NAME'
      if (ordered) return this.indexedBy('users_by_role')
      if ((await this.countFiltered()) <= mostGathered) {
        return this.indexedBy(roles.length > 0 ? 'users_by_role' : 'users_by_status')
      }
    }
    return this.indexedBy(orders[field].index)
  }

  private indexedBy(index: string): SqlStatement {
    // PostgreSQL takes no hints, and knows by its statistics.
    return this.unit.engine === 'sqlite' ? SQL`users INDEXED BY ${SQL.unsafe(index)}` : SQL`users`
  }

  /** The users whom the trigram index finds, before anything else is asked of them. */
  private gathered(indexed: SqlStatement): SqlStatement {
    return this.unit.engine === 'sqlite'
      ? // CROSS JOIN: in this order, whatever SQLite thinks of it.
        SQL`(SELECT rowid AS found FROM users_search WHERE ${indexed})
          CROSS JOIN users ON users.row_number = found`
      : // OFFSET 0: by itself, whatever PostgreSQL thinks of it.
        SQL`(SELECT * FROM users WHERE ${indexed} OFFSET 0) AS users`
  }

  private async countFiltered(): Promise<number> {
    const [row] = await this.unit.query<{ count: number | string | null }>(
      SQL`SELECT SUM(count) AS count FROM user_counts WHERE ${and(this.filters(''))}`,
    )
    return Number(row?.count ?? 0)
  }

  /** The number of rows, or one more than the most that are counted. */
  private async countUpTo(most: number, rows: SqlStatement): Promise<number> {
    const [row] = await this.unit.query<{ count: number | string }>(
      SQL`SELECT COUNT(*) AS count FROM (${rows} LIMIT ${most + 1}) AS counted`,
    )
    return Number(row?.count ?? 0)
  }

  private filters(table: 'users.' | ''): SqlStatement[] {
    const { roles = [], statuses = [] } = this.selection
    return [
      ...(roles.length > 0 ? [oneOf(`${table}role`, roles)] : []),
      ...(statuses.length > 0 ? [oneOf(`${table}status`, statuses)] : []),
    ]
  }
}

/** A number of users. */
export interface UserCount {
  readonly count: number
  /** False when there are more than could be counted in a moment. */
  readonly exact: boolean
}

/** How many users the selection has. Costs the same however many there are. */
export const countUsers = async (unit: UnitOfWork, selection: UserSelection): Promise<UserCount> =>
  (await Selected.of(unit, selection)).count()

/**
 * A stretch of the selection, in order. Walks the index of the order, or sorts what
 * another index finds when that is little; never counts rows off.
 */
export const listUsers = async (
  unit: UnitOfWork,
  selection: UserSelection,
  field: UserOrderField,
  stretch: Stretch<UserPlace>,
): Promise<UserEntity[]> => {
  const selected = await Selected.of(unit, selection)
  const { columns } = orders[field]
  const key = SQL.unsafe(columns.map(column => column.sql).join(', '))
  const bound = (comparison: '<' | '>', place: UserPlace | undefined) =>
    place === undefined ? [] : [SQL`(${key}) ${SQL.unsafe(comparison)} (${SQL.map([...place])})`]
  const conditions = [
    ...selected.conditions,
    ...bound('>', stretch.above),
    ...bound('<', stretch.below),
  ]
  const direction = stretch.descending ? ' DESC' : ''
  const order = SQL.unsafe(columns.map(column => column.sql + direction).join(', '))
  const source = await selected.source(field)
  return unit.select(
    UserEntity,
    SQL`FROM ${source} WHERE ${and(conditions)}
      ORDER BY ${order} LIMIT ${stretch.limit}`,
  )
}

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
export const findUsersByLogin = (
  unit: UnitOfWork,
  logins: readonly string[],
): Promise<UserEntity[]> => unit.rows(UserEntity).findBy({ loginKey: In(logins.map(loginKeyOf)) })

/** True when there is an active owner beside this one. */
export const hasOtherOwner = (unit: UnitOfWork, id: string): Promise<boolean> =>
  unit.rows(UserEntity).existsBy({ role: 'OWNER', status: 'ACTIVE', id: Not(id) })

/** Removes a user. */
export const deleteUser = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(UserEntity).delete({ id })
}

/** True when there is any user at all. */
export const hasUsers = (unit: UnitOfWork): Promise<boolean> => unit.rows(UserEntity).exists()

/** Adds users. */
export const insertUsers = (unit: WritingUnitOfWork, users: readonly UserEntity[]): Promise<void> =>
  unit.insertAll(UserEntity, users)

/** Changes columns of one user. */
export const updateUser = async (
  unit: WritingUnitOfWork,
  id: string,
  columns: Partial<UserEntity>,
): Promise<void> => {
  await unit.rows(UserEntity).update({ id }, columns)
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
