import { matchRoutes } from 'react-router'
import { isOffline } from '../ui/connection'
import { routes } from './routes'

/** Loads the files of the page at an address. The router then finds them loaded. */
export const loadPage = async (address: string): Promise<void> => {
  const { pathname } = new URL(address, window.location.origin)
  await Promise.all(
    (matchRoutes(routes, pathname) ?? []).map(({ route }) =>
      typeof route.lazy === 'function' ? route.lazy() : undefined,
    ),
  )
}

/**
 * Loads the files of a page as soon as the user points at a link to it, or moves the focus there.
 * A page has many small files, and a browser loads only six of them at a time over HTTP/1.1.
 *
 * @returns a function that ends this.
 */
export const prefetchPages = (): (() => void) => {
  const done = new Set<string>()
  const onIntent = ({ target }: Event) => {
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href]') : null
    if (link === null || link.origin !== window.location.origin || isOffline()) return
    if (done.has(link.pathname)) return
    done.add(link.pathname)
    // If this fails, the router loads them when the user opens the page.
    loadPage(link.pathname).catch(() => undefined)
  }
  const events = ['pointerover', 'focusin', 'touchstart'] as const
  for (const event of events) document.addEventListener(event, onIntent, { passive: true })
  return () => {
    for (const event of events) document.removeEventListener(event, onIntent)
  }
}
