import { ComboboxChevron, Input, InputBase } from '@mantine/core'
import classes from './filters.module.css'
import { latePart, useLateControl } from './late-part'

interface FilterSelectProps<Value extends string> {
  label: string
  names: Record<Value, string>
  value: Value | null
  onChange: (value: Value | null) => void
}

const select = latePart(() => import('./select'))

// What opens a select that has the focus.
const opening = ['Enter', 'ArrowDown', 'ArrowUp']

/** Narrows a table to one of a few values, or to none of them. Its list is loaded behind the page. */
export const FilterSelect = <Value extends string>({
  label,
  names,
  value,
  onChange,
}: FilterSelectProps<Value>) => {
  const { module, control, open } = useLateControl<HTMLInputElement, typeof import('./select')>(
    select,
  )
  const any = `Any ${label.toLowerCase()}`
  const common = {
    className: classes.filter,
    'aria-label': label,
    placeholder: any,
  }
  const clearButtonProps = { 'aria-label': any }
  return module === undefined ? (
    // As the select looks while it is closed.
    <InputBase
      {...common}
      ref={control}
      role="combobox"
      aria-haspopup="listbox"
      aria-expanded={false}
      readOnly
      pointer
      value={value === null ? '' : names[value]}
      onClick={open}
      onKeyDown={event => opening.includes(event.key) && open()}
      rightSectionPointerEvents="none"
      __clearable={value !== null}
      __clearSection={
        <Input.ClearButton {...clearButtonProps} tabIndex={-1} onClick={() => onChange(null)} />
      }
      __defaultRightSection={
        // Its own styles come with the select.
        <ComboboxChevron
          style={{
            width: '1.125rem',
            height: '1.125rem',
            color: 'light-dark(var(--mantine-color-gray-6), var(--mantine-color-dark-3))',
          }}
        />
      }
    />
  ) : (
    <module.Select
      {...common}
      ref={control}
      data={Object.entries<string>(names).map(([key, name]) => ({ value: key, label: name }))}
      value={value}
      onChange={chosen => onChange(chosen as Value | null)}
      clearable
      clearButtonProps={clearButtonProps}
    />
  )
}
