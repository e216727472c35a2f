import { Modal } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { LeaveGuard } from './LeaveGuard'

interface Props<Value> {
  /** What is shown; null closes the dialog. */
  value: Value | null
  title: string
  /** What would be lost, to those who are about to leave. */
  warning: string
  size?: number
  children: (value: Value) => ReactNode
}

/**
 * Shows what can't be shown again. It closes by what is in it alone, not by Esc or a click beside
 * it, and is asked about before the page is left. Once closed, nothing here holds the value.
 */
export const ShownOnceDialog = <Value,>({
  value,
  title,
  warning,
  size,
  children,
}: Props<Value>) => {
  // It is still to be seen while the dialog fades out.
  const [shown, setShown] = useState(value)
  if (value !== null && value !== shown) setShown(value)
  return (
    <Modal
      opened={value !== null}
      onClose={() => undefined}
      onExitTransitionEnd={() => setShown(null)}
      title={title}
      {...(size === undefined ? {} : { size })}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      {value !== null && <LeaveGuard when title="Leave now?" message={warning} />}
      {shown !== null && children(shown)}
    </Modal>
  )
}
