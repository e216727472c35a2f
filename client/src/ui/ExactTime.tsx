import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import classes from './ExactTime.module.css'

/** The distance in pixels between the exact time and the edges of the window. */
const edge = 8

/** Puts the exact time below the short one, or above it at the lower end of the window. */
const putNextTo = (time: HTMLElement, exact: HTMLElement) => {
  const { left, width, top, bottom } = time.getBoundingClientRect()
  const box = exact.getBoundingClientRect()
  const most = document.documentElement.clientWidth - box.width - edge
  exact.style.left = `${Math.max(edge, Math.min(left + (width - box.width) / 2, most))}px`
  exact.style.top = `${bottom + box.height > innerHeight ? top - box.height : bottom}px`
}

interface Props {
  /** The time in ISO 8601. */
  at: string
  /** The short form, such as “2 days ago”. */
  children: ReactNode
}

/**
 * A time in a short form. Shows the exact time while the pointer is over it, after a tap, and while
 * it has the focus. The exact time is no `title`, because only a mouse reaches a title. The pointer
 * can move onto it, and Escape hides it (WCAG 2.2, 1.4.13).
 */
export const ExactTime = ({ at, children }: Props) => {
  const { formatMoment } = useLocale()
  const id = useId()
  const time = useRef<HTMLTimeElement>(null)
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!shown) return
    const hide = () => setShown(false)
    addEventListener('scroll', hide, true)
    addEventListener('resize', hide)
    return () => {
      removeEventListener('scroll', hide, true)
      removeEventListener('resize', hide)
    }
  }, [shown])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the focus of the time inside does the same.
    <span onMouseEnter={() => setShown(true)} onMouseLeave={() => setShown(false)}>
      <time
        ref={time}
        className={classes.time}
        dateTime={at}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the focus shows the exact time.
        tabIndex={0}
        aria-describedby={shown ? id : undefined}
        onFocus={() => setShown(true)}
        onBlur={() => setShown(false)}
        onClick={() => setShown(true)}
        onKeyDown={({ key }: KeyboardEvent) => {
          if (key === 'Escape') setShown(false)
        }}
      >
        {children}
      </time>
      {shown && (
        <span
          id={id}
          role="tooltip"
          className={classes.exact}
          ref={exact => {
            if (exact !== null && time.current !== null) putNextTo(time.current, exact)
          }}
        >
          <span>{formatMoment(at)}</span>
        </span>
      )}
    </span>
  )
}
