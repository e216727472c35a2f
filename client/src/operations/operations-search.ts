import type { OperationAction, OperationOutcome, OperationsQueryVariables } from '../gql/graphql'
import type { Translate } from '../messages/locale'
import { keyOf } from '../ui/key-of'
import { actionMessages, outcomeMessages } from './operation-words'

/** The filters and the page of the operation list, as they are kept in the URL. */
export interface OperationsSearch {
  readonly action: OperationAction | null
  readonly outcome: OperationOutcome | null
  /** Id of the user who did it. */
  readonly actor: string | null
  /** Id of the user it was done to. */
  readonly subject: string | null
  readonly ip: string
  /** Prefix of the API token that was used; empty for any. */
  readonly token: string
  /** First and last day, as YYYY-MM-DD in the viewer's time zone; empty for any. */
  readonly from: string
  readonly to: string
  /** The cursor of the page. Only one of the two is set. */
  readonly after: string | null
  readonly before: string | null
}

const pageSize = 25

/** The list without filters, at its first page. */
export const everything: OperationsSearch = {
  action: null,
  outcome: null,
  actor: null,
  subject: null,
  ip: '',
  token: '',
  from: '',
  to: '',
  after: null,
  before: null,
}

/** The periods to choose from, and how many days they have, today included. */
export const periodDays = { TODAY: 1, WEEK: 7, MONTH: 30 } as const

/** A period to choose. */
export type Period = keyof typeof periodDays

const twoDigits = (number: number): string => String(number).padStart(2, '0')

/** A day some days ago in the viewer's time zone, as YYYY-MM-DD. */
const dayBefore = (now: Date, days: number): string => {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days)
  return `${day.getFullYear()}-${twoDigits(day.getMonth() + 1)}-${twoDigits(day.getDate())}`
}

/**
 * The first and the last day of a period that ends today. The URL has the days and not the period, so
 * that it leads to the same operations tomorrow.
 */
export const daysOf = (
  period: Period,
  now: Date = new Date(),
): Pick<OperationsSearch, 'from' | 'to'> => ({
  from: dayBefore(now, periodDays[period] - 1),
  to: dayBefore(now, 0),
})

/** The period whose days are selected, if they are those of one. */
export const periodOf = (
  { from, to }: Pick<OperationsSearch, 'from' | 'to'>,
  now: Date = new Date(),
): Period | null => {
  for (const period of Object.keys(periodDays) as Period[]) {
    const days = daysOf(period, now)
    if (days.from === from && days.to === to) return period
  }
  return null
}

const dayOf = (text: string | null): string =>
  text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : ''

/**
 * The prefix of an API token. If a user pastes a whole token, the rest is dropped, because the
 * filters are kept in the URL.
 */
export const tokenPrefixOf = (text: string): string => text.trim().slice(0, 14)

/** Reads the filters from the URL. Ignores unknown values. */
export const readOperationsSearch = (parameters: URLSearchParams): OperationsSearch => ({
  action: keyOf(actionMessages, parameters.get('action')),
  outcome: keyOf(outcomeMessages, parameters.get('outcome')),
  actor: parameters.get('actor'),
  subject: parameters.get('subject'),
  ip: (parameters.get('ip') ?? '').slice(0, 45).trim(),
  token: tokenPrefixOf(parameters.get('token') ?? ''),
  from: dayOf(parameters.get('from')),
  to: dayOf(parameters.get('to')),
  after: parameters.get('after'),
  before: parameters.get('before'),
})

/** Writes the filters as URL parameters. Empty filters are left out. */
export const writeOperationsSearch = (search: OperationsSearch): URLSearchParams =>
  new URLSearchParams(
    Object.entries(search).filter(
      (entry): entry is [string, string] => entry[1] !== null && entry[1] !== '',
    ),
  )

/** The URL of the list with these filters. */
export const operationsAddress = (search: Partial<OperationsSearch>): string =>
  `/account/operations?${writeOperationsSearch({ ...everything, ...search })}`

/** The URL of the list of operations done with an API token. */
export const tokenOperations = (prefix: string): string => operationsAddress({ token: prefix })

/** The first moment of a day in the viewer's time zone, some days later. */
const startOf = (day: string, daysLater = 0): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + daysLater).toISOString()
}

/** Converts the filters for the API. */
export const filterOf = (search: OperationsSearch) => ({
  ...(search.action === null ? {} : { actions: [search.action] }),
  ...(search.outcome === null ? {} : { outcomes: [search.outcome] }),
  ...(search.actor === null ? {} : { actorId: search.actor }),
  ...(search.subject === null ? {} : { subjectId: search.subject }),
  ...(search.ip === '' ? {} : { ip: search.ip }),
  ...(search.token === '' ? {} : { apiTokenPrefix: search.token }),
  ...(search.from === '' ? {} : { from: startOf(search.from) }),
  // Include the whole last day.
  ...(search.to === '' ? {} : { until: startOf(search.to, 1) }),
})

const byte = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const ipv4 = new RegExp(`^${byte}(?:\\.${byte}){3}$`)

/** True if the API accepts the text as the source of an operation. */
const isSource = (text: string): boolean =>
  ['command line', 'server', 'unknown'].includes(text) ||
  ipv4.test(text) ||
  // Reject characters that would end the brackets or the host of the URL below.
  (text.includes(':') &&
    !/[[\]/?#@]/.test(text) &&
    URL.canParse(`http://[${text.replace(/%[\w.-]+$/, '')}]/`))

/** The filters that the API would reject, each with a message to show at the filter. */
export const filterProblemsOf = (
  t: Translate,
  search: OperationsSearch,
): { ip?: string; to?: string } => ({
  ...(search.ip === '' || isSource(search.ip) ? {} : { ip: t('operations.filter.ipInvalid') }),
  ...(search.from !== '' && search.to !== '' && search.from > search.to
    ? { to: t('operations.filter.lastDayInvalid') }
    : {}),
})

/** The variables of the query. */
export const variablesOf = (search: OperationsSearch): OperationsQueryVariables => ({
  ...(search.before === null
    ? { first: pageSize, after: search.after }
    : { last: pageSize, before: search.before }),
  filter: filterOf(search),
})

/** The URL of the same list as CSV, with headings in a language. */
export const exportAddressOf = (search: OperationsSearch, language: string): string => {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(filterOf(search))) {
    for (const one of [value].flat()) parameters.append(name, one)
  }
  parameters.set('language', language)
  return `/operations.csv?${parameters}`
}
