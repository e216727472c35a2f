import type { UserOrderField } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'
import type { OptionalColumn } from './table-preferences'

/** A column of the Users table. */
export type UserColumn = OptionalColumn | 'LOGIN' | 'NAME'

/** The names of the columns. */
export const columnMessages: Record<UserColumn, PlainMessageId> = {
  LOGIN: 'users.column.LOGIN',
  NAME: 'users.column.NAME',
  PHONE: 'users.column.PHONE',
  ROLE: 'users.column.ROLE',
  STATUS: 'users.column.STATUS',
  LAST_SIGN_IN: 'users.column.LAST_SIGN_IN',
  ADDED: 'users.column.ADDED',
  SECOND_FACTOR: 'users.column.SECOND_FACTOR',
  PASSWORD_AGE: 'users.column.PASSWORD_AGE',
  MUST_CHANGE: 'users.column.MUST_CHANGE',
}

const orders: readonly UserOrderField[] = [
  'LOGIN',
  'NAME',
  'PHONE',
  'ROLE',
  'STATUS',
  'LAST_SIGN_IN',
]

/** The order that a column sorts by; null if it cannot sort. */
export const orderOf = (column: UserColumn): UserOrderField | null =>
  orders.find(order => order === column) ?? null
