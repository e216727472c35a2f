import { type RefObject, useEffect, useState } from 'react'
import { isDialogOpen } from './dialogs'

const key = 'rekey.search-shortcut'

/** Whether the shortcut is on in this browser. */
const isOn = (): boolean => {
  try {
    return localStorage.getItem(key) !== 'off'
  } catch {
    // The browser stores nothing for this page.
    return true
  }
}

/**
 * Whether “/” moves to the search, and a function that changes it in this browser. Users who speak
 * their input must be able to switch off a shortcut of one character (WCAG 2.2, 2.1.4).
 */
export const useSearchShortcutSetting = () => {
  const [on, setOn] = useState(isOn)
  const change = (next: boolean) => {
    setOn(next)
    try {
      localStorage.setItem(key, next ? 'on' : 'off')
    } catch {
      // It applies until the page is closed.
    }
  }
  return [on, change] as const
}

/** Whether the keys that the user presses are text for this element. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, [role=listbox]') !== null)

/**
 * Moves the focus to a search field with “/”, unless the user types elsewhere or a dialog is open.
 *
 * @returns the properties of the field that announce the shortcut.
 */
export const useSearchShortcut = (
  field: RefObject<HTMLInputElement | null>,
): { 'aria-keyshortcuts'?: string } => {
  const [on] = useState(isOn)
  useEffect(() => {
    if (!on) return
    const onKey = (event: KeyboardEvent) => {
      // On some keyboards “/” needs Shift.
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.defaultPrevented || isTyping(event.target) || isDialogOpen()) return
      event.preventDefault()
      field.current?.focus()
      field.current?.select()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [on, field])
  return on ? { 'aria-keyshortcuts': '/' } : {}
}
