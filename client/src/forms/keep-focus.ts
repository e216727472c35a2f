import type { MouseEvent } from 'react'

/**
 * For buttons beside fields: pressing one does not take the focus away from the
 * field, whose error would otherwise appear, move the button from under the
 * pointer, and so swallow the click.
 */
export const keepFocus = {
  onMouseDown: (event: MouseEvent) => event.preventDefault(),
}
