/** What waits until the pointer is released. */
const waiting: (() => void)[] = []

const makeChanges = () => {
  for (const change of waiting.splice(0)) change()
}

let pressed = false

addEventListener('mousedown', () => (pressed = true), true)
for (const end of ['mouseup', 'dragend']) {
  addEventListener(
    end,
    () => {
      pressed = false
      // After the click, which follows the release.
      if (waiting.length > 0) setTimeout(makeChanges)
    },
    true,
  )
}

/**
 * Makes a change that moves what is below it. While the mouse is pressed, the change waits for the
 * release: otherwise a button would move away from the pointer, and the click would be lost.
 */
export const afterPress = (change: () => void): void => {
  if (pressed) waiting.push(change)
  else change()
}
