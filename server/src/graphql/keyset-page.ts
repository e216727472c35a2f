import { badInput } from './api-error.js'

/** The page arguments of Relay connections. */
export interface PageArguments {
  readonly first?: number | undefined
  readonly after?: string | undefined
  readonly last?: number | undefined
  readonly before?: string | undefined
}

/** A part of an ordered list, strictly between two places. */
export interface Stretch<Place> {
  /** True reads from the greatest to the least. */
  readonly descending: boolean
  readonly limit: number
  /** Only rows greater than this place. */
  readonly above?: Place | undefined
  /** Only rows less than this place. */
  readonly below?: Place | undefined
}

/** The rows that were read. */
export interface Found<Row> {
  readonly rows: readonly Row[]
  /**
   * Whether there are rows on the other side of the place where reading started, if the query
   * already returned that.
   */
  readonly behind?: boolean | undefined
}

/** One page of a list, with what is needed to read the next one. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  /** Whether there is a next page. Queried only on demand. */
  readonly hasNextPage: () => Promise<boolean>
  readonly hasPreviousPage: () => Promise<boolean>
  /** The cursor of a row. */
  readonly cursorOf: (row: Row) => string
}

/** One page of a list, with the number of rows on all pages. */
export interface CountedPage<Row, Count = number> extends Page<Row> {
  /** Queried only on demand. */
  readonly countAll: () => Promise<Count>
}

/** A list that can be read in parts. */
export interface KeysetList<Row, Place> {
  /** The direction of the list. */
  readonly descending: boolean
  readonly placeOf: (row: Row) => Place
  /** Names the order. A cursor of another order is rejected. */
  readonly order: string
  /** Whether a value decoded from a cursor is a place of this list. */
  readonly isPlace: (place: unknown) => place is Place
  readonly read: (stretch: Stretch<Place>) => Promise<Found<Row>>
}

/** A list ordered by id, which is the order in which its rows were created. */
interface IdList<Row> {
  readonly descending: boolean
  readonly idOf: (row: Row) => string
  readonly read: (stretch: Stretch<string>) => Promise<readonly Row[]>
  readonly countAll: () => Promise<number>
}

/** Whether a value from a cursor can be a text in the database. PostgreSQL stores no NUL. */
export const isTextPlace = (place: unknown): place is string =>
  typeof place === 'string' && !place.includes('\0')

const maxInteger = 2 ** 31 - 1

/** Whether a value from a cursor can be in a column of the type `integer`, which has 32 bits. */
export const isIntegerPlace = (place: unknown): place is number =>
  Number.isInteger(place) && Math.abs(place as number) <= maxInteger

/** The maximum page size. */
export const maxPageSize = 100
/** The page size if the caller gives none. */
export const defaultPageSize = 25

/**
 * Reads one page (Relay Cursor Connections Specification) by its place in the order. A page deep in
 * the list costs as much as the first one.
 *
 * @throws BAD_USER_INPUT if the arguments are invalid.
 */
export const readPage = async <Row, Place>(
  page: PageArguments,
  list: KeysetList<Row, Place>,
): Promise<Page<Row>> => {
  const { first, last } = page
  if (first !== undefined && last !== undefined) throw badInput('Use first or last, not both.')
  const size = first ?? last ?? defaultPageSize
  if (size < 0 || size > maxPageSize) {
    throw badInput(`${last === undefined ? 'first' : 'last'} must be 0 to ${maxPageSize}.`)
  }
  const after = readCursor(page.after, list)
  const before = readCursor(page.before, list)
  const backward = last !== undefined
  const between = list.descending
    ? { above: before, below: after }
    : { above: after, below: before }
  const descending = list.descending !== backward

  // Reading backward from the end is reading forward in the opposite order. One extra row shows
  // whether there is another page.
  const found = await list.read({ descending, limit: size + 1, ...between })
  const more = found.rows.length > size
  const rows = found.rows.slice(0, size)
  if (backward) rows.reverse()
  const from = backward ? before : after
  const edge = backward ? rows.at(-1) : rows[0]
  const behind = async () => {
    // Nothing comes before the start of the list.
    if (from === undefined) return false
    return edge === undefined || (found.behind ?? hasBeyond(list, edge, descending))
  }
  const ahead = async () => more
  return {
    rows,
    hasNextPage: backward ? behind : ahead,
    hasPreviousPage: backward ? ahead : behind,
    cursorOf: row =>
      Buffer.from(JSON.stringify([list.order, list.placeOf(row)])).toString('base64url'),
  }
}

/** Like {@link readPage}, for a list ordered by id. */
export const readPageById = async <Row>(
  page: PageArguments,
  { descending, idOf, read, countAll }: IdList<Row>,
): Promise<CountedPage<Row>> => ({
  ...(await readPage(page, {
    descending,
    order: 'ID',
    placeOf: idOf,
    isPlace: isTextPlace,
    read: async stretch => ({ rows: await read(stretch) }),
  })),
  countAll,
})

/** Whether the list has another row after the given one in that direction. */
const hasBeyond = async <Row, Place>(
  list: KeysetList<Row, Place>,
  from: Row,
  upward: boolean,
): Promise<boolean> => {
  const place = list.placeOf(from)
  const beyond = await list.read({
    descending: !upward,
    limit: 1,
    ...(upward ? { above: place } : { below: place }),
  })
  return beyond.rows.length > 0
}

const readCursor = <Row, Place>(
  cursor: string | undefined,
  list: KeysetList<Row, Place>,
): Place | undefined => {
  if (cursor === undefined) return undefined
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(parts) && parts.length === 2 && parts[0] === list.order) {
      const place: unknown = parts[1]
      if (list.isPlace(place)) return place
    }
  } catch {
    // Falls through to the same message.
  }
  throw badInput('This cursor does not belong to this list in this order.')
}
