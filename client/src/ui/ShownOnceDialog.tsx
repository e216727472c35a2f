import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { Dialog } from './Dialog'
import { LeaveGuard } from './LeaveGuard'
import { returnFocus } from './return-focus'

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
  const isOpen = value !== null
  const content = useRef<HTMLDivElement>(null)
  const before = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!isOpen) return
    // The dialog before this one closes while this one opens, and returns the focus to the page. It
    // belongs there only after this dialog.
    const keepFocus = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement && target.closest('[role=dialog]') === null) {
        before.current = target
        content.current?.querySelector<HTMLElement>('[data-autofocus], button')?.focus()
      }
    }
    document.addEventListener('focusin', keepFocus)
    return () => {
      document.removeEventListener('focusin', keepFocus)
      returnFocus(before)
    }
  }, [isOpen])
  return (
    <Dialog
      opened={isOpen}
      onClose={() => undefined}
      onExitTransitionEnd={() => setShown(null)}
      title={title}
      {...(size === undefined ? {} : { size })}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      {isOpen && <LeaveGuard when title={t('ui.shownOnce.leaveTitle')} message={warning} />}
      <div ref={content}>{shown !== null && children(shown)}</div>
    </Dialog>
  )
}
