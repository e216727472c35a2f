import { type ReactNode, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { Dialog } from './Dialog'
import { LeaveGuard } from './LeaveGuard'

interface Props<Value> {
  /** The value to show; null closes the dialog. */
  value: Value | null
  title: string
  /** The warning to a user who is about to leave the page. */
  warning: string
  size?: number
  children: (value: Value) => ReactNode
}

/**
 * Shows a value that cannot be shown again. Only the content of the dialog can close it, not Esc or
 * a click outside. It asks before the user leaves the page. After it is closed, it no longer holds
 * the value.
 */
export const ShownOnceDialog = <Value,>({
  value,
  title,
  warning,
  size,
  children,
}: Props<Value>) => {
  const { t } = useLocale()
  // The value remains visible while the dialog fades out.
  const [shown, setShown] = useState(value)
  if (value !== null && value !== shown) setShown(value)
  return (
    <Dialog
      opened={value !== null}
      onClose={() => undefined}
      onExitTransitionEnd={() => setShown(null)}
      title={title}
      {...(size === undefined ? {} : { size })}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      {value !== null && <LeaveGuard when title={t('ui.shownOnce.leaveTitle')} message={warning} />}
      {shown !== null && children(shown)}
    </Dialog>
  )
}
