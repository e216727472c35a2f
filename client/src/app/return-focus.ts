import type { RefObject } from 'react'

/**
 * Gives the focus to a control once a dialog has closed, unless the dialog has given it back to
 * what had it before: that may be gone, or was busy and could not hold it when the dialog opened.
 */
export const returnFocus = (control: RefObject<HTMLElement | null>): void => {
  const isNowhere = () =>
    document.activeElement === null || document.activeElement === document.body
  // A dialog gives it back 10 ms after it began to close.
  setTimeout(() => {
    // What fades away may hold it still.
    if (isNowhere() || document.activeElement?.closest('[role="dialog"]')) control.current?.focus()
  }, 30)
  // One that was closed while it opened takes it once more, and loses it when it is gone.
  setTimeout(() => {
    if (isNowhere()) control.current?.focus()
  }, 500)
}
