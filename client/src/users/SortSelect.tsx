import { Select } from '@mantine/core'
import { IconArrowsSort } from '@tabler/icons-react'
import type { UserOrderField } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import type { UsersSearch } from './users-search'

type Order = Pick<UsersSearch, 'sort' | 'direction'>

// A column of text starts with A, and one of numbers with 0. A user who never signed in counts
// as the oldest.
const orderMessages: readonly (readonly [UserOrderField, PlainMessageId, PlainMessageId])[] = [
  ['NAME', 'users.sort.NAME.ASC', 'users.sort.NAME.DESC'],
  ['LOGIN', 'users.sort.LOGIN.ASC', 'users.sort.LOGIN.DESC'],
  ['PHONE', 'users.sort.PHONE.ASC', 'users.sort.PHONE.DESC'],
  ['ROLE', 'users.sort.ROLE.ASC', 'users.sort.ROLE.DESC'],
  ['STATUS', 'users.sort.STATUS.ASC', 'users.sort.STATUS.DESC'],
  ['LAST_SIGN_IN', 'users.sort.LAST_SIGN_IN.ASC', 'users.sort.LAST_SIGN_IN.DESC'],
]

const keyOf = ({ sort, direction }: Order): string => `${sort} ${direction}`

const options = orderMessages.flatMap(([sort, ascending, descending]) => [
  { order: { sort, direction: 'ASC' } as const, message: ascending },
  { order: { sort, direction: 'DESC' } as const, message: descending },
])

interface Props {
  order: Order
  onSort: (order: Order) => void
}

/** A control that sorts the users on screens where the table has no header. */
export const SortSelect = ({ order, onSort }: Props) => {
  const { t } = useLocale()
  return (
    <Select
      aria-label={t('users.sort.label')}
      leftSection={<IconArrowsSort size={16} aria-hidden />}
      // Shows all options if the screen is high enough.
      maxDropdownHeight={440}
      data={options.map(option => ({ value: keyOf(option.order), label: t(option.message) }))}
      value={keyOf(order)}
      onChange={key => {
        const chosen = options.find(option => keyOf(option.order) === key)
        if (chosen !== undefined) onSort(chosen.order)
      }}
      allowDeselect={false}
    />
  )
}
