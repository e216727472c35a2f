import type { RefObject } from 'react'

const lookEveryMs = 30
const lookForMs = 2_000

/**
 * Moves the focus to a control after a dialog has closed, unless the dialog has returned it to the
 * element that had it before. That element may be gone, or was busy and could not have the focus
 * when the dialog opened.
 *
 * It waits while another dialog than that of the control is on the page. A dialog returns the focus
 * 10 ms after it starts to close, and on a page that renders slowly this can be later than any fixed
 * wait. A dialog that is closed while it opens takes the focus again, and loses it when it disappears.
 *
 * @param controls the first of these that is on the page takes the focus.
 */
export const returnFocus = (...controls: readonly RefObject<HTMLElement | null>[]): void => {
  const isNowhere = () => {
    const { activeElement } = document
    // The frame of a dialog has the focus if its control was busy when another dialog opened.
    return activeElement === null || activeElement.matches('body, [role="dialog"]')
  }
  const until = Date.now() + lookForMs
  // If dialogs close without a transition, the first check may run before they return the
  // focus.
  let wasGone = false
  const look = () => {
    const isGone = [...document.querySelectorAll('[role="dialog"]')].every(dialog =>
      controls.some(({ current }) => dialog.contains(current)),
    )
    if (isGone && wasGone) {
      if (!isNowhere()) return
      controls.find(({ current }) => current !== null)?.current?.focus()
      if (!isNowhere()) return
    }
    wasGone = isGone
    if (Date.now() < until) setTimeout(look, lookEveryMs)
  }
  setTimeout(look, lookEveryMs)
}
