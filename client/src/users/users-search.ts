import type {
  OrderDirection,
  Role,
  UserOrderField,
  UserStatus,
  UsersQueryVariables,
} from '../gql/graphql'
import { keyOf } from '../ui/key-of'
import {
  passwordFilterMessages,
  roleMessages,
  secondFactorFilterMessages,
  statusMessages,
} from './badges'

/** The state of the Users table that its address contains. */
export interface UsersSearch {
  readonly search: string
  readonly role: Role | null
  readonly status: UserStatus | null
  /** A filter by password; null for every user. */
  readonly password: keyof typeof passwordFilterMessages | null
  /** A filter by the age of the password, in days; null for every age. Never with `password`. */
  readonly passwordOlderThan: number | null
  /** A filter by second factors; null for every user. */
  readonly secondFactor: keyof typeof secondFactorFilterMessages | null
  readonly sort: UserOrderField
  readonly direction: OrderDirection
  /** The cursor at which the page starts or ends. Only one of the two is set. */
  readonly after: string | null
  readonly before: string | null
  /** The number of the first user on the page, from 1; null if it is unknown. */
  readonly row: number | null
}

const sorts = {
  login: 'LOGIN',
  name: 'NAME',
  phone: 'PHONE',
  role: 'ROLE',
  status: 'STATUS',
  'last-sign-in': 'LAST_SIGN_IN',
} as const
const directions = { asc: 'ASC', desc: 'DESC' } as const

// The bounds of the API.
const maxAgeDays = 36_500
const maxRow = 1_000_000_000

const numberOf = (text: string | null, max: number): number | null => {
  const number = /^[1-9]\d{0,9}$/.test(text ?? '') ? Number(text) : null
  return number !== null && number <= max ? number : null
}

/** Reads the address and ignores unknown values. */
export const readUsersSearch = (parameters: URLSearchParams): UsersSearch => {
  const password = keyOf(passwordFilterMessages, parameters.get('password'))
  return {
    search: (parameters.get('q') ?? '').slice(0, 200),
    role: keyOf(roleMessages, parameters.get('role')),
    status: keyOf(statusMessages, parameters.get('status')),
    password,
    passwordOlderThan:
      password === null ? numberOf(parameters.get('passwordOlderThan'), maxAgeDays) : null,
    secondFactor: keyOf(secondFactorFilterMessages, parameters.get('secondFactor')),
    sort: sorts[keyOf(sorts, parameters.get('sort')) ?? 'name'],
    direction: directions[keyOf(directions, parameters.get('dir')) ?? 'asc'],
    after: parameters.get('after'),
    before: parameters.get('before'),
    row: numberOf(parameters.get('row'), maxRow),
  }
}

/** The address for this state of the table, without defaults. */
export const writeUsersSearch = (search: UsersSearch): URLSearchParams => {
  const parameters = new URLSearchParams()
  const put = (name: string, value: string | null) => {
    if (value !== null && value !== '') parameters.set(name, value)
  }
  put('q', search.search)
  put('role', search.role)
  put('status', search.status)
  put('password', search.password)
  put('passwordOlderThan', search.passwordOlderThan?.toString() ?? null)
  put('secondFactor', search.secondFactor)
  if (search.sort !== 'NAME') put('sort', search.sort.toLowerCase().replaceAll('_', '-'))
  if (search.direction === 'DESC') put('dir', 'desc')
  put('after', search.after)
  put('before', search.before)
  // The first page begins with the first user.
  if (search.after !== null || search.before !== null) put('row', search.row?.toString() ?? null)
  return parameters
}

const secondFactorValues = { none: false, any: true } as const

/** The variables of the query. */
export const variablesOf = (search: UsersSearch, pageSize: number): UsersQueryVariables => ({
  ...(search.before === null
    ? { first: pageSize, after: search.after }
    : { last: pageSize, before: search.before }),
  search: search.search,
  filter: {
    roles: search.role === null ? null : [search.role],
    statuses: search.status === null ? null : [search.status],
    mustChangePassword: search.password === 'must-change' ? true : null,
    hasSecondFactor: search.secondFactor === null ? null : secondFactorValues[search.secondFactor],
    passwordOlderThanDays: search.passwordOlderThan,
  },
  orderBy: { field: search.sort, direction: search.direction },
})

/** The URL of all users of the same search and filters as CSV, with headings in a language. */
export const exportAddressOf = (search: UsersSearch, language: string): string => {
  const { filter } = variablesOf(search, 1)
  const parameters = new URLSearchParams(search.search === '' ? {} : { search: search.search })
  for (const [name, value] of Object.entries(filter ?? {})) {
    for (const one of [value ?? []].flat()) parameters.append(name, String(one))
  }
  parameters.set('language', language)
  return `/users.csv?${parameters}`
}

/** A page of the table. */
interface ShownPage {
  readonly search: UsersSearch
  /** The number of users on it. */
  readonly shown: number
  /** The number of all users; null if they were not counted to the end. */
  readonly total: number | null
  readonly hasPreviousPage: boolean
  readonly hasNextPage: boolean
}

/**
 * The number of the first user on a page; null if it is unknown. The address has it, but users may
 * have been added or deleted since. The first and the last page show what is right.
 */
export const firstRowOf = (page: ShownPage): number | null => {
  if (!page.hasPreviousPage) return 1
  if (!page.hasNextPage && page.total !== null) return page.total - page.shown + 1
  return page.search.row
}
