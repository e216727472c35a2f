import type { RefObject } from 'react'

const lookEveryMs = 30
const lookForMs = 2_000

/**
 * Gives the focus to a control once a dialog has closed, unless the dialog has given it back to
 * what had it before: that may be gone, or was busy and could not hold it when the dialog opened.
 *
 * Nothing is done while a dialog is on the page. One gives the focus back 10 ms after it began to
 * close, which is later than any fixed wait when the page is slow to draw; and one that was closed
 * while it opened takes the focus once more, and loses it when it is gone.
 *
 * @param controls the first of them that is on the page takes it.
 */
export const returnFocus = (...controls: readonly RefObject<HTMLElement | null>[]): void => {
  const isNowhere = () =>
    document.activeElement === null || document.activeElement === document.body
  const until = Date.now() + lookForMs
  // Where dialogs go without a transition, the first look may be before what they do.
  let wasGone = false
  const look = () => {
    const isGone = document.querySelector('[role="dialog"]') === null
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
