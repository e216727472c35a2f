import type {
  OrderDirection,
  Role,
  UserOrderField,
  UserStatus,
  UsersQueryVariables,
} from '../gql/graphql'
import { keyOf } from '../ui/key-of'
import { passwordFilterMessages, roleMessages, statusMessages } from './badges'

/** The state of the Users table that its address contains. */
export interface UsersSearch {
  readonly search: string
  readonly role: Role | null
  readonly status: UserStatus | null
  /** A filter by password; null for every user. */
  readonly password: keyof typeof passwordFilterMessages | null
  readonly sort: UserOrderField
  readonly direction: OrderDirection
  /** The cursor at which the page starts or ends. Only one of the two is set. */
  readonly after: string | null
  readonly before: string | null
}

const pageSize = 25
const sorts = {
  login: 'LOGIN',
  name: 'NAME',
  phone: 'PHONE',
  role: 'ROLE',
  status: 'STATUS',
  'last-sign-in': 'LAST_SIGN_IN',
} as const
const directions = { asc: 'ASC', desc: 'DESC' } as const

/** Reads the address and ignores unknown values. */
export const readUsersSearch = (parameters: URLSearchParams): UsersSearch => ({
  search: (parameters.get('q') ?? '').slice(0, 200),
  role: keyOf(roleMessages, parameters.get('role')),
  status: keyOf(statusMessages, parameters.get('status')),
  password: keyOf(passwordFilterMessages, parameters.get('password')),
  sort: sorts[keyOf(sorts, parameters.get('sort')) ?? 'name'],
  direction: directions[keyOf(directions, parameters.get('dir')) ?? 'asc'],
  after: parameters.get('after'),
  before: parameters.get('before'),
})

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
  if (search.sort !== 'NAME') put('sort', search.sort.toLowerCase().replaceAll('_', '-'))
  if (search.direction === 'DESC') put('dir', 'desc')
  put('after', search.after)
  put('before', search.before)
  return parameters
}

/** The variables of the query. */
export const variablesOf = (search: UsersSearch): UsersQueryVariables => ({
  ...(search.before === null
    ? { first: pageSize, after: search.after }
    : { last: pageSize, before: search.before }),
  search: search.search,
  filter: {
    roles: search.role === null ? null : [search.role],
    statuses: search.status === null ? null : [search.status],
    mustChangePassword: search.password === 'must-change' ? true : null,
  },
  orderBy: { field: search.sort, direction: search.direction },
})
