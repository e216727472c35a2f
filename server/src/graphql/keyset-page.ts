import { badInput } from './api-error.js'

/** Relay's arguments of a page. */
export interface PageArguments {
  readonly first?: number | undefined
  readonly after?: string | undefined
  readonly last?: number | undefined
  readonly before?: string | undefined
}

/** A stretch of an ordered list, strictly between two places. */
export interface Stretch<Place> {
  /** True reads from the greatest down. */
  readonly descending: boolean
  readonly limit: number
  /** Only what is greater than this place. */
  readonly above?: Place | undefined
  /** Only what is less than this place. */
  readonly below?: Place | undefined
}

/** What was read of an ordered list. */
export interface Found<Row> {
  readonly rows: readonly Row[]
  /**
   * Whether there is anything on the other side of the place it was read on from,
   * where that was to be had with the rows.
   */
  readonly behind?: boolean | undefined
}

/** One page of a list, with what is needed to page on. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  /** Whether there is more. Looked up only when someone wants to know. */
  readonly hasNextPage: () => Promise<boolean>
  readonly hasPreviousPage: () => Promise<boolean>
  /** The place of a row, to page on from. */
  readonly cursorOf: (row: Row) => string
}

/** One page of a list, with how many there are on all of them. */
export interface CountedPage<Row, Count = number> extends Page<Row> {
  /** Asked only when someone wants to know. */
  readonly countAll: () => Promise<Count>
}

/** A list that can be read a stretch at a time. */
export interface KeysetList<Row, Place> {
  /** Which way the list runs. */
  readonly descending: boolean
  readonly placeOf: (row: Row) => Place
  /** Names the order, so that a cursor used with another one is refused. */
  readonly order: string
  /** Whether something read off a cursor is a place of this list. */
  readonly isPlace: (place: unknown) => place is Place
  readonly read: (stretch: Stretch<Place>) => Promise<Found<Row>>
}

/** A list in the order of its ids, which is that in which its rows came to be. */
interface IdList<Row> {
  readonly descending: boolean
  readonly idOf: (row: Row) => string
  readonly read: (stretch: Stretch<string>) => Promise<readonly Row[]>
  readonly countAll: () => Promise<number>
}

/** The most that a page may hold. */
export const mostPerPage = 100
/** How many a page holds unless it is asked for more or fewer. */
export const usualPerPage = 25

/**
 * Reads one page (Relay Cursor Connections Specification) by its place in the
 * order: a page deep in the list costs what the first one costs.
 *
 * @throws BAD_USER_INPUT when the arguments don't fit.
 */
export const readPage = async <Row, Place>(
  page: PageArguments,
  list: KeysetList<Row, Place>,
): Promise<Page<Row>> => {
  const { first, last } = page
  if (first !== undefined && last !== undefined) throw badInput('Give first or last, not both.')
  const size = first ?? last ?? usualPerPage
  if (size < 0 || size > mostPerPage) {
    throw badInput(`${last === undefined ? 'first' : 'last'} takes 0 to ${mostPerPage}.`)
  }
  const after = readCursor(page.after, list)
  const before = readCursor(page.before, list)
  const backward = last !== undefined
  const between = list.descending
    ? { above: before, below: after }
    : { above: after, below: before }
  const descending = list.descending !== backward

  // Reading back from the end is reading forward in the opposite order. One row more
  // than asked for tells whether there is a page beyond.
  const found = await list.read({ descending, limit: size + 1, ...between })
  const more = found.rows.length > size
  const rows = found.rows.slice(0, size)
  if (backward) rows.reverse()
  const from = backward ? before : after
  const edge = backward ? rows.at(-1) : rows[0]
  const behind = async () => {
    // Nothing lies behind the end that the page begins at.
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

/** As {@link readPage}, of a list in the order of its ids. */
export const readPageById = async <Row>(
  page: PageArguments,
  { descending, idOf, read, countAll }: IdList<Row>,
): Promise<CountedPage<Row>> => ({
  ...(await readPage(page, {
    descending,
    order: 'ID',
    placeOf: idOf,
    isPlace: (place): place is string => typeof place === 'string',
    read: async stretch => ({ rows: await read(stretch) }),
  })),
  countAll,
})

/** True when the list has a row further in that direction than the given one. */
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
    // Falls through to the one message.
  }
  throw badInput('This cursor does not belong to this list in this order.')
}
