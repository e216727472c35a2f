import { Select } from '@mantine/core'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import classes from './filters.module.css'

interface FilterSelectProps<Value extends string> {
  label: string
  /** Whether the label is visible above the field. Otherwise only screen readers know it. */
  labelled?: boolean
  /** The text while the filter is not used, such as “Any role”. */
  any: string
  /** The names of the values. */
  names: Record<Value, PlainMessageId>
  value: Value | null
  onChange: (value: Value | null) => void
}

/** Filters a table by one of a few values, or removes the filter. */
export const FilterSelect = <Value extends string>({
  label,
  labelled = false,
  any,
  names,
  value,
  onChange,
}: FilterSelectProps<Value>) => {
  const { t } = useLocale()
  return (
    <Select
      {...(labelled ? { label } : { className: classes.filter ?? '', 'aria-label': label })}
      placeholder={any}
      data={Object.entries<PlainMessageId>(names).map(([key, name]) => ({
        value: key,
        label: t(name),
      }))}
      value={value}
      onChange={chosen => onChange(chosen as Value | null)}
      clearable
      clearButtonProps={{ 'aria-label': any }}
    />
  )
}
