import { Select, Text } from '@mantine/core'
import type { UserOrderField } from '../gql/graphql'
import type { UsersSearch } from './users-search'

type Order = Pick<UsersSearch, 'sort' | 'direction'>

// A column of text starts with A, and one of numbers with 0. A user who never signed in counts
// as the oldest.
const orders: readonly (readonly [UserOrderField, string, string])[] = [
  ['NAME', 'Name, A to Z', 'Name, Z to A'],
  ['LOGIN', 'Login, A to Z', 'Login, Z to A'],
  ['PHONE', 'Phone, 0 to 9', 'Phone, 9 to 0'],
  ['ROLE', 'Role, A to Z', 'Role, Z to A'],
  ['STATUS', 'Status, A to Z', 'Status, Z to A'],
  ['LAST_SIGN_IN', 'Last sign-in, oldest first', 'Last sign-in, newest first'],
]

const keyOf = ({ sort, direction }: Order): string => `${sort} ${direction}`

const options = orders.flatMap(([sort, ascending, descending]) => [
  { order: { sort, direction: 'ASC' } as const, label: ascending },
  { order: { sort, direction: 'DESC' } as const, label: descending },
])

interface Props {
  order: Order
  onSort: (order: Order) => void
}

/** A control that sorts the users on screens where the table has no header. */
export const SortSelect = ({ order, onSort }: Props) => (
  <Select
    aria-label="Sort by"
    leftSection={<Text size="sm">Sort</Text>}
    leftSectionWidth={48}
    // Shows all options if the screen is high enough.
    maxDropdownHeight={440}
    data={options.map(option => ({ value: keyOf(option.order), label: option.label }))}
    value={keyOf(order)}
    onChange={key => {
      const chosen = options.find(option => keyOf(option.order) === key)
      if (chosen !== undefined) onSort(chosen.order)
    }}
    allowDeselect={false}
  />
)
