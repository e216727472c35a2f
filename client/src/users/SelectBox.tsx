import { useEffect, useRef } from 'react'
import classes from './SelectBox.module.css'

interface Props {
  /** What it is called. */
  label: string
  /** Why it can't be ticked. */
  title?: string | undefined
  checked: boolean
  /** Whether some of what it stands for are selected, and some are not. */
  mixed?: boolean
  disabled: boolean
  onChange: () => void
}

/**
 * A checkbox of the browser's own in the look of the others: the table has one in each
 * row from the start, and Mantine's would be five kilobytes of the first load.
 */
export const SelectBox = ({ label, title, checked, mixed = false, disabled, onChange }: Props) => {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // There is no attribute for it.
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
