import SQL, { type SqlStatement } from '@nearform/sql'
import type { Role, UserStatus } from '@rekey/shared/access'
import { In } from 'typeorm'
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
const mostGathered = 5_000
const mostCounted = 10_000

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, character => `\\${character}`)

const and = (conditions: readonly SqlStatement[]): SqlStatement =>
  conditions.length === 0 ? SQL`TRUE` : SQL.glue([...conditions], ' AND ')

const oneOf = (column: string, values: readonly string[]): SqlStatement =>
  SQL`${SQL.unsafe(column)} IN (${SQL.map([...values])})`

/** A selection as the engine is asked for it. */
class Selected {
  private readonly terms: readonly string[]
  private readonly filters: readonly SqlStatement[]
  /** The terms that the trigram index knows; shorter ones have no trigram. */
  private readonly indexedTerms: readonly string[]

  constructor(
    private readonly unit: UnitOfWork,
    private readonly selection: UserSelection,
  ) {
    this.terms = foldText(selection.search ?? '')
      .split(/\s+/)
      .filter(term => term !== '')
    this.indexedTerms = this.terms.filter(term => [...term].length >= 3)
    const { roles = [], statuses = [] } = selection
    this.filters = [
      ...(roles.length > 0 ? [oneOf('users.role', roles)] : []),
      ...(statuses.length > 0 ? [oneOf('users.status', statuses)] : []),
    ]
  }

  /** How many users there are; a search is counted up to 10,000. */
  async count(): Promise<UserCount> {
    if (this.terms.length === 0) return { count: await this.countFiltered(), exact: true }
    const limit = SQL`LIMIT ${mostCounted + 1}`
    const from = this.indexedTerms.length > 0 ? this.gathered() : SQL`users`
    const [row] = await this.unit.query<{ count: number | string }>(
      SQL`SELECT COUNT(*) AS count FROM
        (SELECT 1 FROM ${from} WHERE ${and([...this.filters, ...this.matches()])} ${limit}) AS found`,
    )
    const count = Number(row?.count ?? 0)
    return { count: Math.min(count, mostCounted), exact: count <= mostCounted }
  }

  /** Where to read users from, in such a way that a page of them costs little. */
  async source(field: UserOrderField): Promise<SqlStatement> {
    if (await this.hasFewMatches()) return this.gathered()
    const { roles = [], statuses = [] } = this.selection
    if (this.terms.length === 0 && this.filters.length > 0) {
      // Of one role and status, the index holds the names in order: there is nothing to sort.
      const ordered = roles.length === 1 && statuses.length === 1 && field === 'NAME'
      if (ordered) return this.indexedBy('users_by_role')
      if ((await this.countFiltered()) <= mostGathered) {
        return this.indexedBy(roles.length > 0 ? 'users_by_role' : 'users_by_status')
      }
    }
    return this.indexedBy(orders[field].index)
  }

  /** What each of the users read from the source must meet besides. */
  conditions(): SqlStatement[] {
    return [...this.filters, ...this.matches()]
  }

  private indexedBy(index: string): SqlStatement {
    // PostgreSQL takes no hints, and knows by its statistics.
    return this.unit.engine === 'sqlite' ? SQL`users INDEXED BY ${SQL.unsafe(index)}` : SQL`users`
  }

  /** The users whom the trigram index finds, before anything else is asked of them. */
  private gathered(): SqlStatement {
    if (this.unit.engine === 'sqlite') {
      // CROSS JOIN: in this order, whatever SQLite thinks of it.
      return SQL`(SELECT rowid AS found FROM users_search WHERE users_search MATCH ${this.match()})
        CROSS JOIN users ON users.row_number = found`
    }
    return SQL`(SELECT * FROM users WHERE ${and(this.matches())} OFFSET 0) AS users`
  }

  private async hasFewMatches(): Promise<boolean> {
    if (this.indexedTerms.length === 0) return false
    const from =
      this.unit.engine === 'sqlite'
        ? SQL`users_search WHERE users_search MATCH ${this.match()}`
        : SQL`users WHERE ${and(this.matches())}`
    const [row] = await this.unit.query<{ count: number | string }>(
      SQL`SELECT COUNT(*) AS count FROM (SELECT 1 FROM ${from} LIMIT ${mostGathered + 1}) AS found`,
    )
    return Number(row?.count ?? 0) <= mostGathered
  }

  private async countFiltered(): Promise<number> {
    const { roles = [], statuses = [] } = this.selection
    const conditions = [
      ...(roles.length > 0 ? [oneOf('role', roles)] : []),
      ...(statuses.length > 0 ? [oneOf('status', statuses)] : []),
    ]
    const [row] = await this.unit.query<{ count: number | string | null }>(
      SQL`SELECT SUM(count) AS count FROM user_counts WHERE ${and(conditions)}`,
    )
    return Number(row?.count ?? 0)
  }

  private matches(): SqlStatement[] {
    return this.terms.map(
      term => SQL`users.search_text LIKE ${`%${escapeLike(term)}%`} ESCAPE '\\'`,
    )
  }

  /** The terms in the language of FTS5: each in quotes, all of them to be found. */
  private match(): string {
    return this.indexedTerms.map(term => `"${term.replaceAll('"', '""')}"`).join(' AND ')
  }
}

/** A number of users. */
export interface UserCount {
  readonly count: number
  /** False when there are more than could be counted in a moment. */
  readonly exact: boolean
}

/** How many users the selection has. Costs the same however many there are. */
export const countUsers = (unit: UnitOfWork, selection: UserSelection): Promise<UserCount> =>
  new Selected(unit, selection).count()

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
  const selected = new Selected(unit, selection)
  const { columns } = orders[field]
  const key = SQL.unsafe(columns.map(column => column.sql).join(', '))
  const bound = (comparison: '<' | '>', place: UserPlace | undefined) =>
    place === undefined ? [] : [SQL`(${key}) ${SQL.unsafe(comparison)} (${SQL.map([...place])})`]
  const conditions = [
    ...selected.conditions(),
    ...bound('>', stretch.above),
    ...bound('<', stretch.below),
  ]
  const direction = stretch.descending ? ' DESC' : ''
  const order = SQL.unsafe(columns.map(column => column.sql + direction).join(', '))
  const source = await selected.source(field)
  return unit.select(
    UserEntity,
    SQL`SELECT users.* FROM ${source} WHERE ${and(conditions)}
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
