import { type RefObject, useEffect, useRef } from 'react'

/**
 * Scrolls the chosen tab into view in a list that is wider than the screen.
 *
 * @param shown the chosen tab; null while there are no tabs yet.
 * @returns the ref of the list.
 */
export const useTabInView = (shown: string | null): RefObject<HTMLDivElement | null> => {
  const list = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever tab is chosen, once there are some.
  useEffect(() => {
    list.current
      ?.querySelector('[aria-selected=true]')
      ?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [shown])
  return list
}
