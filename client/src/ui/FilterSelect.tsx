import { Select } from '@mantine/core'
import classes from './filters.module.css'

interface FilterSelectProps<Value extends string> {
  label: string
  /** The text while the filter is not used, such as “Any role”. */
  any: string
  /** The names of the values. */
  names: Record<Value, string>
  value: Value | null
  onChange: (value: Value | null) => void
}

/** Filters a table by one of a few values, or removes the filter. */
export const FilterSelect = <Value extends string>({
  label,
  any,
  names,
  value,
  onChange,
}: FilterSelectProps<Value>) => (
  <Select
    className={classes.filter ?? ''}
    aria-label={label}
    placeholder={any}
    data={Object.entries<string>(names).map(([key, name]) => ({ value: key, label: name }))}
    value={value}
    onChange={chosen => onChange(chosen as Value | null)}
    clearable
    clearButtonProps={{ 'aria-label': any }}
  />
)
