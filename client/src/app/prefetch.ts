import { matchRoutes } from 'react-router'
import { isOffline } from '../ui/connection'
import type { createRouter } from './routes'

/** Loads the files of the pages at an address. The router then finds them loaded. */
const loadFiles = (router: ReturnType<typeof createRouter>, pathname: string): void => {
  for (const { route } of matchRoutes(router.routes, pathname) ?? []) {
    // If this fails, the router loads them when the user opens the page.
    if (typeof route.lazy === 'function') void route.lazy().catch(() => undefined)
  }
}

/**
 * Loads the files of a page as soon as the user points at a link to it, or moves the focus there.
 * A page has many small files, and a browser loads only six of them at a time over HTTP/1.1.
 *
 * @returns a function that ends this.
 */
export const prefetchPages = (router: ReturnType<typeof createRouter>): (() => void) => {
  const done = new Set<string>()
  const onIntent = ({ target }: Event) => {
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href]') : null
    if (link === null || link.origin !== window.location.origin || isOffline()) return
    if (done.has(link.pathname)) return
    done.add(link.pathname)
    loadFiles(router, link.pathname)
  }
  const events = ['pointerover', 'focusin', 'touchstart'] as const
  for (const event of events) document.addEventListener(event, onIntent, { passive: true })
  return () => {
    for (const event of events) document.removeEventListener(event, onIntent)
  }
}
