import type { MouseEvent } from 'react'

/**
 * For buttons next to fields: pressing one leaves the focus in the field. Otherwise the error of
 * the field would appear and move the button away from the pointer, and the click would be lost.
 */
export const keepFocus = {
  onMouseDown: (event: MouseEvent) => event.preventDefault(),
}
