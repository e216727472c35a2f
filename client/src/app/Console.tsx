import './signed-in-styles'
import { useEffect, useState } from 'react'
import { RouterProvider } from 'react-router'
import { prefetchPages } from './prefetch'
import { createRouter } from './routes'

export { loadPage } from './prefetch'

/** All pages, with their router. */
export const Console = () => {
  const [router] = useState(createRouter)
  useEffect(prefetchPages, [])
  // In a transition, a query that fails renders the old address again and so requests the old
  // page again, in an endless loop.
  return <RouterProvider router={router} useTransitions={false} />
}
