import type { OperationAction, OperationOutcome, OperationsQueryVariables } from '../gql/graphql'
import { keyOf } from '../ui/key-of'
import { actionNames, outcomeNames } from './operation-words'

/** What the operation list shows, as its address keeps it. */
export interface OperationsSearch {
  readonly action: OperationAction | null
  readonly outcome: OperationOutcome | null
  /** Id of who did it. */
  readonly actor: string | null
  /** Id of on whom it was done. */
  readonly subject: string | null
  readonly ip: string
  /** What an API token begins with by which it was done; empty for any. */
  readonly token: string
  /** First and last day, as YYYY-MM-DD in the person's own time zone; empty for any. */
  readonly from: string
  readonly to: string
  /** Only one of the two: where the page begins, or where it ends. */
  readonly after: string | null
  readonly before: string | null
}

const pageSize = 25

const dayOf = (text: string | null): string =>
  text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : ''

/**
 * What an API token is told apart by. The rest of one that is pasted goes nowhere: what
 * is searched for stands in the address.
 */
export const tokenPrefixOf = (text: string): string => text.trim().slice(0, 14)

/** Reads the address; what it does not know of is as if it were not there. */
export const readOperationsSearch = (parameters: URLSearchParams): OperationsSearch => ({
  action: keyOf(actionNames, parameters.get('action')),
  outcome: keyOf(outcomeNames, parameters.get('outcome')),
  actor: parameters.get('actor'),
  subject: parameters.get('subject'),
  ip: (parameters.get('ip') ?? '').slice(0, 45).trim(),
  token: tokenPrefixOf(parameters.get('token') ?? ''),
  from: dayOf(parameters.get('from')),
  to: dayOf(parameters.get('to')),
  after: parameters.get('after'),
  before: parameters.get('before'),
})

/** The address of what the list shows; what does not narrow it is left out. */
export const writeOperationsSearch = (search: OperationsSearch): URLSearchParams =>
  new URLSearchParams(
    Object.entries(search).filter(
      (entry): entry is [string, string] => entry[1] !== null && entry[1] !== '',
    ),
  )

/** The address of what an API token did. */
export const tokenOperations = (prefix: string): string =>
  `/account/operations?${new URLSearchParams({ token: prefix })}`

/** The first moment of a day in the person's time zone, some days later. */
const startOf = (day: string, daysLater = 0): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + daysLater).toISOString()
}

/** The API's filter. */
export const filterOf = (search: OperationsSearch) => ({
  ...(search.action === null ? {} : { actions: [search.action] }),
  ...(search.outcome === null ? {} : { outcomes: [search.outcome] }),
  ...(search.actor === null ? {} : { actorId: search.actor }),
  ...(search.subject === null ? {} : { subjectId: search.subject }),
  ...(search.ip === '' ? {} : { ip: search.ip }),
  ...(search.token === '' ? {} : { apiTokenPrefix: search.token }),
  ...(search.from === '' ? {} : { from: startOf(search.from) }),
  // The last day is meant as a whole.
  ...(search.to === '' ? {} : { until: startOf(search.to, 1) }),
})

const byte = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const ipv4 = new RegExp(`^${byte}(?:\\.${byte}){3}$`)

/** Whether the API takes it for where an operation came from. */
const isSource = (text: string): boolean =>
  ['command line', 'unknown'].includes(text) ||
  ipv4.test(text) ||
  // What would end the address' brackets, or its host, is none.
  (text.includes(':') &&
    !/[[\]/?#@]/.test(text) &&
    URL.canParse(`http://[${text.replace(/%[\w.-]+$/, '')}]/`))

/** What of a search the API would refuse, in words to stand at its filter. */
export const filterProblemsOf = (search: OperationsSearch): { ip?: string; to?: string } => ({
  ...(search.ip === '' || isSource(search.ip)
    ? {}
    : { ip: 'Takes an address, such as 203.0.113.7.' }),
  ...(search.from !== '' && search.to !== '' && search.from > search.to
    ? { to: 'This is before the first day.' }
    : {}),
})

/** What the API is asked for. */
export const variablesOf = (search: OperationsSearch): OperationsQueryVariables => ({
  ...(search.before === null
    ? { first: pageSize, after: search.after }
    : { last: pageSize, before: search.before }),
  filter: filterOf(search),
})

/** The address of the same list as CSV. */
export const exportAddressOf = (search: OperationsSearch): string => {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(filterOf(search))) {
    for (const one of [value].flat()) parameters.append(name, one)
  }
  return `/operations.csv?${parameters}`
}
