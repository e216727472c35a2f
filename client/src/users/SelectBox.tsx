import { useEffect, useRef } from 'react'
import classes from './SelectBox.module.css'

interface Props {
  /** The name of the checkbox. */
  label: string
  /** The reason why it cannot be selected. */
  title?: string | undefined
  checked: boolean
  /** Whether only some of the items that it represents are selected. */
  mixed?: boolean
  disabled: boolean
  onChange: () => void
}

/**
 * A native checkbox that looks like the others. The table needs it at once, and that of Mantine
 * would add five kilobytes to the first load.
 */
export const SelectBox = ({ label, title, checked, mixed = false, disabled, onChange }: Props) => {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // HTML has no attribute for this state.
    if (box.current !== null) box.current.indeterminate = mixed
  }, [mixed])
  return (
    <input
      ref={box}
      type="checkbox"
      className={classes.box}
      aria-label={label}
      title={title}
      checked={checked}
      disabled={disabled}
      onChange={onChange}
    />
  )
}
