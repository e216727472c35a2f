import { Select } from '@mantine/core'
import { useLocale } from '../messages/use-locale'
import filters from '../ui/filters.module.css'
import type { UsersSearch } from './users-search'

type PasswordSearch = Pick<UsersSearch, 'password' | 'passwordOlderThan'>

const offeredDays = [30, 90, 180, 365]

interface Props {
  value: PasswordSearch
  onChange: (value: PasswordSearch) => void
}

/** Filters users by whether they must change their password, or by its age. */
export const PasswordFilter = ({ value, onChange }: Props) => {
  const { t } = useLocale()
  const { password, passwordOlderThan: older } = value
  // An address can contain any number of days.
  const days = older === null ? offeredDays : [...new Set([...offeredDays, older])]
  return (
    <Select
      className={filters.filter ?? ''}
      aria-label={t('users.table.passwordFilter')}
      placeholder={t('users.filters.anyPassword')}
      data={[
        { value: 'must-change', label: t('users.password.mustChange') },
        ...days
          .toSorted((one, other) => one - other)
          .map(count => ({
            value: String(count),
            label: t('users.filters.passwordOlderThan', { days: count }),
          })),
      ]}
      value={password ?? older?.toString() ?? null}
      onChange={chosen =>
        onChange(
          chosen === 'must-change'
            ? { password: 'must-change', passwordOlderThan: null }
            : { password: null, passwordOlderThan: chosen === null ? null : Number(chosen) },
        )
      }
      clearable
      clearButtonProps={{ 'aria-label': t('users.filters.anyPassword') }}
    />
  )
}
