import type { RefObject } from 'react'

/**
 * Gives the focus to a control once a dialog has closed, unless the dialog has given it back to
 * what had it before: that may be gone, or was busy and could not hold it when the dialog opened.
 */
export const returnFocus = (control: RefObject<HTMLElement | null>): void => {
  // A dialog gives it back 10 ms after it began to close.
  setTimeout(() => {
    const { activeElement } = document
    const nowhere = activeElement === null || activeElement === document.body
    // What fades away may hold it still.
    if (nowhere || activeElement.closest('[role="dialog"]') !== null) control.current?.focus()
  }, 30)
}
